package org.ccmessaging.filestream.routes.check;

import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.camel.util.URISupport;
import org.ccmessaging.filestream.routes.check.Value.Kind;
import org.ccmessaging.filestream.routes.language.RouteLanguage;

/**
 * The endpoint that a step sends to or a route consumes from, in any notation: {@code direct:x},
 * {@code {uri: direct:x}}, {@code {uri: direct, parameters: {name: x}}}. Placeholders are not resolved.
 *
 * @param scheme the component, such as {@code direct}
 * @param path the rest of the address, without the slashes of {@code scheme://}; may be empty
 * @param parameters the options by name, those of the query and those of {@code parameters}
 * @param place where the uri begins
 */
public record Endpoint(String scheme, String path, Map<String, Value> parameters, Place place) {

    /** Returns the endpoint of a map with {@code uri} and optional {@code parameters}. */
    static Endpoint in(Value map, RouteLanguage language) {
        return of(map.get("uri").text(), map.get("uri").place(), map.get("parameters"), language);
    }

    /** Returns the endpoint of an address and of options beside it, if they are not missing. */
    static Endpoint of(String uri, Place place, Value options, RouteLanguage language) {
        Map<String, Value> parameters = new LinkedHashMap<>();
        String[] parts = uri.split("\\?", 2);
        if (parts.length > 1) {
            query(parts[1]).forEach((name, value) ->
                    parameters.put(name, Value.scalar(Kind.STRING, place, value.toString(), 0).named(name, place)));
        }
        parameters.putAll(options.members());
        String[] address = parts[0].split(":", 2);
        String scheme = address[0];
        String path = address.length > 1 ? address[1] : path(language.components().get(scheme), parameters);
        return new Endpoint(scheme, path.startsWith("//") ? path.substring(2) : path, parameters, place);
    }

    /** Returns the path from the options that Kaoto writes beside a uri that is only a scheme. */
    private static String path(RouteLanguage.Component component, Map<String, Value> parameters) {
        return component == null ? "" : component.path().stream().map(parameters::remove).filter(Objects::nonNull)
                .map(Value::text).collect(Collectors.joining(":"));
    }

    /** Returns the options as Camel reads them; none if they are malformed, and Camel then builds no endpoint. */
    private static Map<String, Object> query(String query) {
        try {
            return URISupport.parseQuery(query, false, true);
        } catch (URISyntaxException | IllegalArgumentException malformed) {
            return Map.of();
        }
    }

    /** Returns whether the file has an endpoint here. */
    public boolean isPresent() {
        return !scheme.isEmpty();
    }

    /** Scheme and path, which a producer and its consumer have in common, such as {@code direct:read-s3}. */
    public String target() {
        return path.isEmpty() ? scheme : scheme + ":" + path;
    }
}
