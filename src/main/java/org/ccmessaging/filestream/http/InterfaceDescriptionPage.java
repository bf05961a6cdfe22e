package org.ccmessaging.filestream.http;

import java.io.FileNotFoundException;
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

/**
 * Serves a page that shows the interface description: {@code /actuator/openapi} on the management port, with the files
 * of the page below it. The page cannot send requests, because the API has another origin.
 */
@Component
@WebEndpoint(id = "openapi")
class InterfaceDescriptionPage {

    private static final String PAGE = "index.html";

    /** Matches any version, so that only {@code pom.xml} names it. */
    private static final String SWAGGER_UI = "classpath*:/META-INF/resources/webjars/swagger-ui/*/";

    private final Map<String, Resource> files;

    InterfaceDescriptionPage() throws IOException {
        files = Stream.of(new ClassPathResource(InterfaceDescription.PATH), new ClassPathResource("/openapi/" + PAGE),
                        new ClassPathResource("/openapi/page.js"), ofSwaggerUi("swagger-ui-bundle.js"),
                        ofSwaggerUi("swagger-ui.css"), ofSwaggerUi("favicon-32x32.png"))
                .collect(Collectors.toUnmodifiableMap(Resource::getFilename, file -> file));
    }

    private static Resource ofSwaggerUi(String name) throws IOException {
        Resource[] found = new PathMatchingResourcePatternResolver().getResources(SWAGGER_UI + name);
        if (found.length == 0) {
            throw new FileNotFoundException(SWAGGER_UI + name + " is not there: is org.webjars:swagger-ui missing?");
        }
        return found[0];
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
                .orElseGet(() -> MediaType.valueOf(InterfaceDescription.MEDIA_TYPE)));
    }
}
