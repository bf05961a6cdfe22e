package org.ccmessaging.filestream.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.SuspendableService;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.support.DefaultConsumer;
import org.ccmessaging.filestream.auth.ClientRequest;
import org.ccmessaging.filestream.failure.Refusal;
import org.ccmessaging.filestream.observe.RecordDownload;
import org.ccmessaging.filestream.observe.TraceFilter;
import org.ccmessaging.filestream.response.MadeResponse;
import org.ccmessaging.filestream.response.Outcome;
import org.ccmessaging.filestream.response.Respond;
import org.ccmessaging.filestream.toolkit.ClientAddress;
import org.ccmessaging.filestream.toolkit.ExchangeBudget;
import org.ccmessaging.filestream.toolkit.RequestId;
import org.ccmessaging.filestream.toolkit.Variables;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.HttpRequestHandler;

/**
 * Consumes the requests of a {@code platform-http} route. It replaces Camel's consumer for Spring Boot, which
 * <ul>
 *   <li>hands each request to a pool that never grows past eight threads, and lets Tomcat cut it after 30 s;
 *   <li>copies every request header into the route and back into the response;
 *   <li>parses forms and uploads by Content-Type, which this contract does not check;
 *   <li>ends a response normally when reading its body fails half-way.
 * </ul>
 * This consumer occupies Tomcat's thread from the first byte of the request to the last of the response. Headers pass
 * by allow-lists, because a client's {@code CamelAwsS3Key} must not steer a route (CVE-2025-27636). The exchange holds
 * no credential and no body until a step takes it ({@link ClientRequest}).
 */
final class HttpConsumer extends DefaultConsumer
        implements PlatformHttpConsumer, Suspendable, SuspendableService, HttpRequestHandler {

    private static final Logger LOG = LoggerFactory.getLogger(HttpConsumer.class);

    /** Request headers that steps of the service read (contract sections 2 and 5), and no route. */
    private static final List<String> FOR_STEPS = List.of(ClientRequest.SESSION_TOKEN, ClientRequest.APP_KEY,
            ClientRequest.AUTHORIZATION, ClientRequest.TOKEN_EXPIRE);

    private final HttpResponses responses;
    private final RouteTimeout timeout;
    private final Collection<String> requestHeaders;

    HttpConsumer(PlatformHttpEndpoint endpoint, Processor processor, HttpResponses responses, RouteTimeout timeout,
            Collection<String> requestHeaders) {
        super(endpoint, processor);
        this.responses = responses;
        this.timeout = timeout;
        this.requestHeaders = requestHeaders;
    }

    @Override
    public PlatformHttpEndpoint getEndpoint() {
        return (PlatformHttpEndpoint) super.getEndpoint();
    }

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!isStarted()) {
            responses.refuse(Refusal.STOPPED, request, response);
            return;
        }
        // Never an exchange from Camel's pool (camel.main.exchange-factory). A pooled exchange ends with its route,
        // before its body has been streamed. Meanwhile it would serve another request, perhaps of another tenant
        // (decision 0006).
        Exchange exchange = getEndpoint().createExchange(ExchangePattern.InOut);
        try {
            read(request, exchange);
            createUoW(exchange);
            boolean late = timeout.run(() -> process(exchange));
            respond(exchange, late, request, response);
        } catch (Exception failure) {
            exchange.setException(failure);
            if (failure instanceof IOException gone) {
                throw gone;
            }
            throw new IllegalStateException(failure);
        } finally {
            // A route that follows a download has the time of a route as well.
            if (RecordDownload.isFollowed(exchange)) {
                timeout.run(() -> doneUoW(exchange));
            } else {
                doneUoW(exchange);
            }
        }
    }

    private void read(HttpServletRequest request, Exchange exchange) throws IOException {
        String requestId = RequestId.of(request);
        for (String name : requestHeaders) {
            Object value = ApiValve.header(request, name);
            if (value != null) {
                exchange.getMessage().setHeader(name, value);
            }
        }
        // The header names this service's own span and not the client's.
        Object trace = request.getAttribute(TraceFilter.TRACEPARENT);
        if (trace != null) {
            exchange.getMessage().setHeader(TraceFilter.TRACEPARENT, trace);
        }
        exchange.setProperty(ClientAddress.PROPERTY, request.getAttribute(ClientAddress.PROPERTY));
        exchange.setProperty(RequestId.PROPERTY, requestId);
        exchange.setVariable(Variables.REQUEST_ID, requestId);
        Map<String, Object> forSteps = new HashMap<>();
        FOR_STEPS.forEach(name -> forSteps.put(name, ApiValve.header(request, name)));
        ClientRequest.keep(exchange, forSteps, request.getInputStream(), ApiValve.entered(request).session());
    }

    private void process(Exchange exchange) {
        try {
            getProcessor().process(exchange);
        } catch (Exception failure) {
            exchange.setException(failure);
        }
    }

    private void respond(Exchange exchange, boolean late, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        RecordDownload.responseStarts(exchange);
        Exception failure = exchange.isFailed() ? unhandled(exchange, late) : missingResponse(exchange);
        String freshSession = ClientRequest.freshSession(exchange);
        if (freshSession != null) {
            response.setHeader(ClientRequest.SESSION_TOKEN, freshSession);
        }
        // A route that ended without a failure and without a response has no failed branch.
        String branch = exchange.isFailed() ? exchange.getVariable(Variables.BRANCH, String.class) : null;
        Outcome outcome = failure == null ? responses.write(exchange.getMessage(), response)
                : responses.writeFailure(failure, branch, request, response);
        if (RecordDownload.isFollowed(exchange)) {
            response.getOutputStream().close();
        }
        if (outcome.failure() != null) {
            exchange.setProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, outcome.failure());
        } else if (failure == null && outcome.resultDesc() == null) {
            // The route recovered from this failure, with another storage for example, so the download has not failed.
            exchange.removeProperty(ExchangePropertyKey.EXCEPTION_CAUGHT);
        }
        RecordDownload.responded(exchange, response.getStatus(), outcome.resultCode());
    }

    /**
     * Returns the failure that left the route. Every failure has a clause in {@code result-codes.camel.yaml}, so the
     * route took too long, does not name the clauses, or somebody removed them.
     */
    private Exception unhandled(Exchange exchange, boolean late) {
        Exception failure = exchange.getException();
        String step = exchange.getExchangeExtension().getHistoryNodeId();
        String what = !late ? "no clause of its routeConfigurationId handled a failure" : ExchangeBudget.NO_TIME
                + (step == null ? "" : ", and step " + step + " was interrupted");
        LOG.error("Route {}: {}: {}", exchange.getFromRouteId(), what, failure.toString());
        // Camel applies no clause to an interruption.
        return failure instanceof InterruptedException
                ? new IllegalStateException(late ? what : "a step was interrupted", failure) : failure;
    }

    /** Returns why the route made no response; {@code null} if it made one. Only edited clauses make none. */
    private static Exception missingResponse(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        String reason = body instanceof MadeResponse made ? made.refusal(exchange)
                : exchange.getProperty(Respond.REFUSED, "step respond did not make the body", String.class);
        if (reason == null) {
            return null;
        }
        LOG.error("Route {} has no response to send: {}. The body is {}. The client gets 500",
                exchange.getFromRouteId(), reason, body == null ? "empty" : "a " + body.getClass().getSimpleName());
        IllegalStateException failure = new IllegalStateException(reason);
        exchange.setProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, failure);
        return failure;
    }
}
