package org.ccmessaging.filestream.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.SuspendableService;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.support.DefaultConsumer;
import org.ccmessaging.filestream.auth.ClientRequest;
import org.ccmessaging.filestream.observe.RecordDownload;
import org.ccmessaging.filestream.response.MadeResponse;
import org.ccmessaging.filestream.response.Respond;
import org.ccmessaging.filestream.response.StreamingBody.Outcome;
import org.ccmessaging.filestream.toolkit.ClientAddress;
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
 * Here a request occupies Tomcat's thread from its first byte to its last. Headers pass by allow-lists
 * ({@link HttpHeaders}), and the exchange holds no credential and no body until a step takes it
 * ({@link ClientRequest}). On Java 21 and newer that is a virtual thread, and it waits while a platform thread writes a
 * streamed response ({@code StreamedResponseThreads}).
 */
final class HttpConsumer extends DefaultConsumer
        implements PlatformHttpConsumer, Suspendable, SuspendableService, HttpRequestHandler {

    private static final Logger LOG = LoggerFactory.getLogger(HttpConsumer.class);

    private final HttpResponses responses;
    private final RouteTimeout timeout;
    private final Collection<String> requestHeaders;

    /** @param requestHeaders names of the request headers that routes see */
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
    public void handleRequest(HttpServletRequest request, HttpServletResponse response) {
        try {
            serve(request, response);
        } catch (IOException gone) {
            LOG.debug("The client went away: {}", gone.getMessage());
        }
    }

    private void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!isStarted()) {
            responses.writeFailure(HttpServletResponse.SC_SERVICE_UNAVAILABLE, request, response);
            return;
        }
        // Never an exchange from Camel's pool (camel.main.exchange-factory). A pooled exchange ends with its route,
        // before its body has been streamed. Meanwhile it would serve another request, perhaps of another tenant
        // (decision 0006).
        Exchange exchange = getEndpoint().createExchange(ExchangePattern.InOut);
        try {
            HttpHeaders.read(requestHeaders, request, exchange.getMessage());
            exchange.setProperty(ClientAddress.PROPERTY, request.getAttribute(ClientAddress.PROPERTY));
            identify(exchange, RequestId.of(request));
            ClientRequest.keep(exchange, HttpHeaders.kept(request), request.getInputStream());
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
            finish(exchange);
        }
    }

    private static void identify(Exchange exchange, String requestId) {
        exchange.setProperty(RequestId.PROPERTY, requestId);
        exchange.setVariable(Variables.REQUEST_ID, requestId);
    }

    /** A route that follows a download has the time of a route as well. */
    private void finish(Exchange exchange) {
        if (RecordDownload.isFollowed(exchange)) {
            timeout.run(() -> doneUoW(exchange));
        } else {
            doneUoW(exchange);
        }
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
        Exception failure = late && exchange.isFailed() ? tooLate(exchange) : failure(exchange);
        String freshSession = ClientRequest.freshSession(exchange);
        if (freshSession != null) {
            response.setHeader(ClientRequest.SESSION_TOKEN, freshSession);
        }
        Outcome outcome = failure == null ? responses.write(exchange.getMessage(), request, response)
                : responses.writeFailure(failure, branch(exchange), request, response);
        if (RecordDownload.isFollowed(exchange)) {
            response.getOutputStream().close();
        }
        if (outcome.failure() != null) {
            exchange.setProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, outcome.failure());
        } else if (failure == null && outcome.resultDesc() == null) {
            // A failure that the route caught and got over, by another storage for example, is none of the download's.
            exchange.removeProperty(ExchangePropertyKey.EXCEPTION_CAUGHT);
        }
        RecordDownload.responded(exchange, outcome.resultCode());
    }

    /** The branch of a failed download; {@code null} if the route ended without a failure, and without a response. */
    private static String branch(Exchange exchange) {
        return exchange.isFailed() ? exchange.getVariable(Variables.BRANCH, String.class) : null;
    }

    /** Why there is no response of the route; {@code null} if there is one. Only an edited route makes none. */
    private static Exception failure(Exchange exchange) {
        if (exchange.isFailed()) {
            // Every failure has a clause in result-codes.camel.yaml. A failure that leaves the route shows that the
            // route does not name the clauses, or that somebody removed them.
            LOG.error("Route {}: no clause of its routeConfigurationId handled a failure: {}",
                    exchange.getFromRouteId(), exchange.getException().toString());
            return withAClause(exchange.getException(), "a step was interrupted");
        }
        if (MadeResponse.of(exchange) != null) {
            return null;
        }
        Object body = exchange.getMessage().getBody();
        String reason = body instanceof MadeResponse ? "step respond made the body for another request"
                : exchange.getProperty(Respond.REFUSED, "step respond did not make the body", String.class);
        LOG.error("Route {}, whose last step is {}, has no response to send: {}. The body is {}. The client gets 500",
                exchange.getFromRouteId(), lastStep(exchange), reason,
                body == null ? "empty" : "a " + body.getClass().getSimpleName());
        IllegalStateException failure = new IllegalStateException(reason);
        exchange.setProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, failure);
        return failure;
    }

    private Exception tooLate(Exchange exchange) {
        String step = exchange.getExchangeExtension().getHistoryNodeId();
        String what = "the routes took longer than " + timeout.allowed()
                + (step == null ? "" : ", and step " + step + " was interrupted");
        LOG.error("Route {}: {}: {}", exchange.getFromRouteId(), what, exchange.getException().toString());
        return withAClause(exchange.getException(), what);
    }

    /** Camel applies no clause to an interruption. */
    private static Exception withAClause(Exception failure, String what) {
        return failure instanceof InterruptedException ? new IllegalStateException(what, failure) : failure;
    }

    private static String lastStep(Exchange exchange) {
        List<ProcessorDefinition<?>> steps = exchange.getContext().getCamelContextExtension()
                .getContextPlugin(Model.class).getRouteDefinition(exchange.getFromRouteId()).getOutputs();
        return steps.isEmpty() ? "(none)" : steps.get(steps.size() - 1).getId();
    }
}
