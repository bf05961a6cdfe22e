package org.ccmessaging.filestream.http;

import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;

/** Serves the OpenAPI description of the API port as {@code /actuator/openapi} on the management port. */
@Component
@WebEndpoint(id = "openapi")
class InterfaceDescription {

    @ReadOperation(produces = "application/yaml")
    Resource description() {
        return new ClassPathResource("/openapi/filestream.yaml");
    }
}
