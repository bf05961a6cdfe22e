package org.ccmessaging.filestream.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.ccmessaging.filestream.routes.Generation;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.filter.ServerHttpObservationFilter;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.UriUtils;

/**
 * Creates the consumers of {@code platform-http} endpoints, and finds the one of a request in the generation that
 * serves it. Camel's own mapping knows the routes of one Camel context. Each path takes one method (contract section
 * 4.2, 405), and preflights of listed origins (section 8). Camel finds this bean by its name.
 */
@Component("platform-http-engine")
@Order(EntryPoints.BEFORE_CAMELS_OWN_MAPPING)
final class EntryPoints implements PlatformHttpEngine, HandlerMapping {

    /** That one has no routes. */
    static final int BEFORE_CAMELS_OWN_MAPPING = -2;

    private static final Set<String> GET = Set.of("GET", "HEAD");
    private static final Set<String> POST = Set.of("POST");

    private final HttpResponses responses;
    private final RouteTimeout timeout;
    private final HttpRequestHandler description;
    private final Collection<String> requestHeaders;
    private final int port;

    EntryPoints(HttpResponses responses, RouteTimeout timeout, InterfaceDescription description, RoutesSettings routes,
            @Value("${server.port}") int port) {
        this.responses = responses;
        this.timeout = timeout;
        this.description = description;
        this.requestHeaders = routes.requestHeaders();
        this.port = port;
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        HttpConsumer consumer = new HttpConsumer(endpoint, processor, responses, timeout, requestHeaders);
        ExtendedCamelContext generation = endpoint.getCamelContext().getCamelContextExtension();
        if (generation.getContextPlugin(Consumers.class) == null) {
            generation.addContextPlugin(Consumers.class, new Consumers(new ConcurrentHashMap<>()));
        }
        generation.getContextPlugin(Consumers.class).byPath().put(endpoint.getPath(), consumer);
        return consumer;
    }

    @Override
    public int getServerPort() {
        return port;
    }

    @Override
    public HandlerExecutionChain getHandler(HttpServletRequest request) {
        Generation generation = ApiValve.generation(request);
        if (generation == null) {
            return null;
        }
        String path = UriUtils.decode(request.getRequestURI(), StandardCharsets.UTF_8);
        if (path.equals(InterfaceDescription.PATH)) {
            return handler(description, path, GET);
        }
        // Also while its route is stopped: then it responds with 503.
        Consumers consumers = generation.camel().getCamelContextExtension().getContextPlugin(Consumers.class);
        HttpConsumer consumer = consumers == null ? null : consumers.byPath().get(path);
        return consumer == null ? null : handler(consumer, path, POST);
    }

    private HandlerExecutionChain handler(HttpRequestHandler handler, String path, Set<String> methods) {
        return new HandlerExecutionChain((HttpRequestHandler) (request, response) -> {
            if (methods.contains(request.getMethod())) {
                // The label of the request in metrics and spans.
                request.setAttribute(BEST_MATCHING_PATTERN_ATTRIBUTE, path);
                ServerHttpObservationFilter.findObservationContext(request)
                        .ifPresent(observed -> observed.setPathPattern(path));
                handler.handleRequest(request, response);
            } else if (methods == POST && CrossOrigin.isPreflight(request)) {
                CrossOrigin.allowPost(response);
            } else {
                responses.writeFailure(HttpServletResponse.SC_METHOD_NOT_ALLOWED, request, response);
            }
        });
    }

    /** Entry points of a Camel context. */
    private record Consumers(Map<String, HttpConsumer> byPath) {
    }
}
