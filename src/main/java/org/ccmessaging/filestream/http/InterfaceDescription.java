package org.ccmessaging.filestream.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpRequestHandler;

/** Serves the OpenAPI description on the API port, and as page {@code /actuator/openapi} on the management port. */
@Component
@WebEndpoint(id = "openapi")
class InterfaceDescription implements HttpRequestHandler {

    static final String PATH = "/openapi/filestream.yaml";

    private static final String MEDIA_TYPE = "application/yaml";
    private static final String PAGE = "index.html";

    /** Matches any version of Swagger UI, because only {@code pom.xml} should name the version. */
    private static final String SWAGGER_UI = "classpath*:/META-INF/resources/webjars/swagger-ui/*/";

    private final byte[] yaml;
    private final Map<String, Resource> files;

    InterfaceDescription() throws IOException {
        ClassPathResource description = new ClassPathResource(PATH);
        yaml = description.getContentAsByteArray();
        files = Stream.of(description, new ClassPathResource("/openapi/" + PAGE),
                        new ClassPathResource("/openapi/page.js"), ofSwaggerUi("swagger-ui-bundle.js"),
                        ofSwaggerUi("swagger-ui.css"), ofSwaggerUi("favicon-32x32.png"))
                .collect(Collectors.toUnmodifiableMap(Resource::getFilename, file -> file));
    }

    private static Resource ofSwaggerUi(String name) throws IOException {
        return new PathMatchingResourcePatternResolver().getResources(SWAGGER_UI + name)[0];
    }

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType(MEDIA_TYPE);
        response.setContentLength(yaml.length);
        response.getOutputStream().write(yaml);
    }

    @ReadOperation(produces = MediaType.ALL_VALUE)
    WebEndpointResponse<Resource> page() {
        return file(PAGE);
    }

    @ReadOperation(produces = MediaType.ALL_VALUE)
    WebEndpointResponse<Resource> file(@Selector String name) {
        Resource file = files.get(name);
        if (file == null) {
            return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
        }
        return new WebEndpointResponse<>(file, MediaTypeFactory.getMediaType(file)
                .orElseGet(() -> MediaType.valueOf(MEDIA_TYPE)));
    }
}
