package org.ccmessaging.filestream.http;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.ccmessaging.filestream.failure.MethodNotAllowedException;
import org.ccmessaging.filestream.failure.UnknownPathException;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.UriUtils;

/**
 * Creates the consumers of {@code platform-http} endpoints, and hands each request of the API port to the consumer of
 * its path in the generation that the request has entered. It does so as a servlet for all paths and not through Spring
 * MVC, which would take a tenth of the CPU of a small download (decision 0006). Each path takes one method (contract
 * section 4.2, 405), and preflights of listed origins (section 8). Camel finds this bean by its name.
 */
@Component(EntryPoints.NAME)
record EntryPoints(HttpResponses responses, RouteTimeout timeout, InterfaceDescription description,
        RoutesSettings routes) implements PlatformHttpEngine, HttpRequestHandler {

    /** Name of this bean, and of its servlet. */
    static final String NAME = "platform-http-engine";

    private static final Set<String> GET = Set.of("GET", "HEAD");

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        HttpConsumer consumer = new HttpConsumer(endpoint, processor, responses, timeout,
                routes.requestHeaders());
        ExtendedCamelContext generation = endpoint.getCamelContext().getCamelContextExtension();
        if (generation.getContextPlugin(Consumers.class) == null) {
            generation.addContextPlugin(Consumers.class, new Consumers(new ConcurrentHashMap<>()));
        }
        generation.getContextPlugin(Consumers.class).byPath().put(endpoint.getPath(), consumer);
        return consumer;
    }

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws ServletException {
        // With path parameters (;x=1), which Tomcat ignores when it compares paths: such a path is unknown.
        String path = UriUtils.decode(request.getRequestURI(), StandardCharsets.UTF_8);
        boolean described = path.equals(InterfaceDescription.PATH);
        HttpRequestHandler handler = described ? description : consumer(request, path);
        String method = request.getMethod();
        try {
            if (handler == null && !"TRACE".equals(method)) {
                responses.writeFailure(new UnknownPathException("no operation has this path"), null, request, response);
            } else if (described ? GET.contains(method) : "POST".equals(method)) {
                // The label of the request in metrics and spans.
                request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, path);
                handler.handleRequest(request, response);
            } else if (!described && CorsSettings.isPreflight(request)) {
                CorsSettings.allowPost(response);
            } else {
                responses.writeFailure(new MethodNotAllowedException("the path has another method",
                        described ? "GET" : "POST"), null, request, response);
            }
        } catch (IOException gone) {
            // The client went away.
        }
    }

    /** A consumer whose route is stopped is found as well; it responds with 503. */
    private HttpConsumer consumer(HttpServletRequest request, String path) {
        CamelContext generation = ApiValve.entered(request).generation().camel();
        Map<String, HttpConsumer> consumers =
                generation.getCamelContextExtension().getContextPlugin(Consumers.class).byPath();
        return consumers.getOrDefault(path,
                routes.entryPoints().contains(path) ? consumers.get(HttpResponses.DOWNLOAD) : null);
    }

    /** Consumers of a Camel context. */
    private record Consumers(Map<String, HttpConsumer> byPath) {
    }
}
