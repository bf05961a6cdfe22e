package org.ccmessaging.filestream.http;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
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
 * Hands requests of the API port to the consumers of the matching {@code platform-http} routes. The requests bypass
 * Spring MVC to save a tenth of the CPU of a small download (decision 0006).
 */
@Component(EntryPoints.NAME)
final class EntryPoints implements PlatformHttpEngine, HttpRequestHandler {

    /** Camel finds the bean by this name. */
    static final String NAME = "platform-http-engine";

    /** A download that lacks or repeats any of these headers gets 401, whatever its body is (contract section 4.2). */
    private static final Set<String> CREDENTIALS = Set.of(ClientRequest.SESSION_TOKEN, ClientRequest.APP_KEY,
            ClientRequest.AUTHORIZATION);

    private final HttpResponses responses;
    private final RequestGate gate;

    /** Includes consumers of stopped routes, because requests for a stopped route get 503 and not 404. */
    private final List<HttpConsumer> consumers = new CopyOnWriteArrayList<>();

    EntryPoints(HttpResponses responses, RequestGate gate) {
        this.responses = responses;
        this.gate = gate;
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        HttpConsumer consumer = new HttpConsumer(endpoint, processor, responses);
        // A restarted or reloaded route creates a new consumer.
        consumers.removeIf(former -> former.getEndpoint().equals(endpoint));
        consumers.add(consumer);
        return consumer;
    }

    @EventListener
    void forget(RoutesChanged changed) {
        // The endpoint of a REST DSL route only wraps the endpoint of the consumer.
        Set<Endpoint> endpoints = changed.camel().getRoutes().stream().map(route -> route.getConsumer() == null
                ? route.getEndpoint() : route.getConsumer().getEndpoint()).collect(Collectors.toSet());
        consumers.removeIf(consumer -> !endpoints.contains(consumer.getEndpoint()));
    }

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws ServletException {
        // Unlike getServletPath(), getRequestURI() keeps parameters such as ;x=1, so that a contract path with a
        // parameter gets 404.
        String path = UriUtils.decode(request.getRequestURI(), StandardCharsets.UTF_8);
        try {
            serve(path, request, response);
            // Sends the last bytes before the servlet ends, because a shutdown waits only for the servlet.
            response.getOutputStream().close();
        } catch (IOException gone) {
            // The client went away.
        }
    }

    /**
     * On the contract's paths, reads the body before the request enters the gate, so that a slow client does not delay
     * a reload of the routes. If this read fails, the returned stream throws the failure after the check of
     * credentials, because 401 comes before 400 (contract section 4.2).
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
                // Metrics and spans take the path from this attribute.
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
        if (consumers.isEmpty()) {
            throw new ServiceBusyException(Refusal.STOPPED);
        }
        if (methods.isEmpty()) {
            throw new UnknownPathException("no operation has this path");
        }
        throw new MethodNotAllowedException("the path has another method", String.join(", ", methods));
    }
}
