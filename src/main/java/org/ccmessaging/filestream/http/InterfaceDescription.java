package org.ccmessaging.filestream.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Hands out the OpenAPI description of the API port on that port, for clients' tools. */
@Controller
class InterfaceDescription {

    static final String PATH = "/openapi/filestream.yaml";
    static final String MEDIA_TYPE = "application/yaml";

    private final HttpResponses responses;
    private final byte[] yaml;

    InterfaceDescription(HttpResponses responses) throws IOException {
        this.responses = responses;
        this.yaml = new ClassPathResource(PATH).getContentAsByteArray();
    }

    /** Takes every method, since Spring's refusal of the others would end in words that are right for POST paths. */
    @RequestMapping(PATH)
    void describe(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String method = request.getMethod();
        if (!HttpMethod.GET.matches(method) && !HttpMethod.HEAD.matches(method)) {
            responses.writeMethodNotAllowed("GET", request, response);
            return;
        }
        response.setContentType(MEDIA_TYPE);
        response.setContentLength(yaml.length);
        response.getOutputStream().write(yaml);
    }
}
