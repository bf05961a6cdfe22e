package org.ccmessaging.filestream.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** Serves the OpenAPI description of the API on the API port, for clients' tools (contract section 5). */
@Controller
class InterfaceDescription {

    static final String PATH = "/openapi/filestream.yaml";
    static final String MEDIA_TYPE = "application/yaml";

    private final byte[] yaml;

    InterfaceDescription() throws IOException {
        this.yaml = new ClassPathResource(PATH).getContentAsByteArray();
    }

    @GetMapping(PATH)
    void describe(HttpServletResponse response) throws IOException {
        response.setContentType(MEDIA_TYPE);
        response.setContentLength(yaml.length);
        response.getOutputStream().write(yaml);
    }
}
