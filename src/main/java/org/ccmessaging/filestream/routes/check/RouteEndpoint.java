package org.ccmessaging.filestream.routes.check;

import java.util.Map;

/**
 * The endpoint that a step sends to or a route consumes from, in any notation: {@code direct:x},
 * {@code {uri: direct:x}}, {@code {uri: direct, parameters: {name: x}}}. Placeholders are not resolved.
 *
 * @param scheme the component, such as {@code direct}; empty if the step has no endpoint
 * @param path the address after {@code scheme:} or {@code scheme://}; may be empty
 */
public record RouteEndpoint(String scheme, String path, Place place) {

    /** The parameter with the path, by scheme. The Kaoto editor writes this parameter if the uri is only a scheme. */
    private static final Map<String, String> PATHS = Map.of("direct", "name", "seda", "name", "platform-http", "path",
            "bean", "beanName", "sql", "query");

    static RouteEndpoint in(Value step) {
        Value uri = step.isScalar() ? step : step.get("uri");
        String address = uri.text().split("\\?", 2)[0];
        // The question mark may belong to a placeholder, as in {{?name}}.
        String[] parts = (address.contains("{{") ? uri.text() : address).split(":", 2);
        String path = parts.length > 1 ? parts[1]
                : step.get("parameters").get(PATHS.getOrDefault(parts[0], "")).text();
        return new RouteEndpoint(parts[0], path.startsWith("//") ? path.substring(2) : path, uri.place());
    }

    /** Returns scheme and path, such as {@code direct:read-s3}; the same for a producer and its consumer. */
    String target() {
        return path.isEmpty() ? scheme : scheme + ":" + path;
    }
}
