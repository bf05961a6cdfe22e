package org.ccmessaging.filestream.http;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.commons.io.input.BrokenInputStream;
import org.ccmessaging.filestream.auth.ClientRequest;
import org.ccmessaging.filestream.auth.ReadBody;
import org.ccmessaging.filestream.failure.DocumentedFailure;
import org.ccmessaging.filestream.failure.MethodNotAllowedException;
import org.ccmessaging.filestream.failure.Refusal;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.failure.UnknownPathException;
import org.ccmessaging.filestream.toolkit.RequestGate;
import org.ccmessaging.filestream.toolkit.RoutesChanged;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.UriUtils;

/**
 * Creates the consumers of {@code platform-http} endpoints, and hands each request of the API port to the consumer of
 * its path and method. It does so as a servlet for all paths and not through Spring MVC, which would take a tenth of
 * the CPU of a small download (decision 0006). Camel finds this bean by its name.
 */
@Component(EntryPoints.NAME)
final class EntryPoints implements PlatformHttpEngine, HttpRequestHandler {

    /** Name of this bean, and of its servlet. */
    static final String NAME = "platform-http-engine";

    private static final Set<String> GET = Set.of("GET", "HEAD");
    private static final String OTHER_METHOD = "the path has another method";

    /** A download that lacks any of these headers gets 401, whatever its body is (contract section 4.2). */
    private static final Set<String> CREDENTIALS = Set.of(ClientRequest.SESSION_TOKEN, ClientRequest.APP_KEY,
            ClientRequest.AUTHORIZATION);

    private final HttpResponses responses;
    private final InterfaceDescription description;
    private final RequestGate gate;

    /** Consumers of all routes. Those of stopped routes are included, so that their requests get 503, and not 404. */
    private final List<HttpConsumer> consumers = new CopyOnWriteArrayList<>();

    EntryPoints(HttpResponses responses, InterfaceDescription description, RequestGate gate) {
        this.responses = responses;
        this.description = description;
        this.gate = gate;
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        HttpConsumer consumer = new HttpConsumer(endpoint, processor, responses);
        // Camel makes another consumer when somebody starts the route again, and another endpoint after a reload.
        consumers.removeIf(former -> former.getEndpoint().equals(endpoint));
        consumers.add(consumer);
        return consumer;
    }

    /** Removes consumers whose route is gone. A shutdown does not show it: Camel also shuts down stopped ones. */
    @EventListener
    void forget(RoutesChanged changed) {
        // Compares by identity: endpoints before and after a reload are equal. A REST DSL route wraps the endpoint.
        Set<Endpoint> endpoints = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Route route : changed.camel().getRoutes()) {
            endpoints.add(route.getConsumer() == null ? route.getEndpoint() : route.getConsumer().getEndpoint());
        }
        consumers.removeIf(consumer -> !endpoints.contains(consumer.getEndpoint()));
    }

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws ServletException {
        // This path includes parameters (;x=1), which Tomcat would ignore. With them, it is no path of the contract.
        String path = UriUtils.decode(request.getRequestURI(), StandardCharsets.UTF_8);
        try {
            if (path.equals(InterfaceDescription.PATH)) {
                describe(request, response);
            } else {
                serve(path, request, response);
            }
            // Sends the last kilobytes. Tomcat would send them after the servlet, but a shutdown waits only for that.
            response.getOutputStream().close();
        } catch (IOException gone) {
            // The client went away.
        }
    }

    private void describe(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (GET.contains(request.getMethod())) {
            request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, InterfaceDescription.PATH);
            description.handleRequest(request, response);
        } else {
            responses.refuse(new MethodNotAllowedException(OTHER_METHOD, "GET"), request, response);
        }
    }

    /**
     * Reads the body of an operation of the contract before the request enters the gate, so that a client that sends
     * slowly delays no reload of the routes. If this read fails, the returned stream fails in the step that needs the
     * body, after the step that checks the credentials (contract section 4.2).
     */
    private static InputStream body(String path, HttpServletRequest request) throws IOException {
        InputStream body = request.getInputStream();
        boolean refused = path.equals(HttpResponses.DOWNLOAD)
                && CREDENTIALS.stream().anyMatch(name -> ApiValve.single(request, name) == null);
        if (refused || !"POST".equals(request.getMethod()) || !HttpResponses.CONTRACT.contains(path)) {
            return body;
        }
        try {
            return new ByteArrayInputStream(body.readNBytes(ReadBody.LARGEST_BYTES + 1));
        } catch (IOException broken) {
            ApiValve.takeBackResponse(request);
            return new BrokenInputStream(() -> broken);
        }
    }

    private void serve(String path, HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpConsumer consumer;
        Exchange exchange;
        try {
            InputStream body = body(path, request);
            if (!gate.enter()) {
                throw new ServiceBusyException(Refusal.DRAINING);
            }
            try {
                consumer = consumer(path, request.getMethod());
                // The label of the request in metrics and spans.
                request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, consumer.path());
                exchange = consumer.process(path, request, body);
            } finally {
                gate.exit();
            }
        } catch (DocumentedFailure refusal) {
            if (refusal instanceof MethodNotAllowedException other && CorsSettings.isPreflight(request)) {
                CorsSettings.writePreflight(other.getAllowed(), response);
            } else {
                responses.refuse(refusal, request, response);
            }
            return;
        }
        consumer.respond(exchange, response);
    }

    /**
     * Returns the consumer of a path and a method.
     *
     * @throws DocumentedFailure if no route takes them, or the route is stopped
     */
    private HttpConsumer consumer(String path, String method) {
        for (HttpConsumer each : consumers) {
            if (each.takes(path) && each.methods().contains(method)) {
                if (!each.isStarted()) {
                    throw new ServiceBusyException(Refusal.STOPPED);
                }
                return each;
            }
        }
        Set<String> methods = consumers.stream().filter(each -> each.takes(path))
                .flatMap(each -> each.methods().stream()).collect(Collectors.toCollection(TreeSet::new));
        if (methods.isEmpty() && !"TRACE".equals(method)) {
            throw new UnknownPathException("no operation has this path");
        }
        throw new MethodNotAllowedException(OTHER_METHOD, methods.isEmpty() ? "POST" : String.join(", ", methods));
    }
}
