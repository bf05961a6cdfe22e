package org.ccmessaging.filestream.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.SuspendableService;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.support.DefaultConsumer;
import org.ccmessaging.filestream.auth.ClientRequest;
import org.ccmessaging.filestream.observe.RecordDownload;
import org.ccmessaging.filestream.response.MadeResponse;
import org.ccmessaging.filestream.response.Outcome;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.RequestId;
import org.ccmessaging.filestream.toolkit.Variables;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Replaces Camel's consumer of {@code platform-http} (decision 0009). On the contract's paths, credentials never become
 * message headers. The body stays in {@link ClientRequest}, because the body may contain an app's secret. A client's
 * {@code Camel*} headers are dropped: a header such as {@code CamelAwsS3Key} would steer a route (CVE-2025-27636).
 */
final class HttpConsumer extends DefaultConsumer implements PlatformHttpConsumer, Suspendable, SuspendableService {

    private static final Logger LOG = LoggerFactory.getLogger(HttpConsumer.class);

    /** Request headers that only the service's own steps read (contract sections 2 and 5). */
    private static final List<String> FOR_STEPS = List.of(ClientRequest.SESSION_TOKEN, ClientRequest.APP_KEY,
            ClientRequest.AUTHORIZATION, ClientRequest.TOKEN_EXPIRE);

    /** Names, in lower case, of credentials that enter only a route that asks for them, on a path of its own. */
    static final Set<String> CREDENTIALS = Set.of("authorization", "cookie", "proxy-authorization");

    /** Headers that never become message headers: of steps, of responses, and length and encoding of the body. */
    private static final Set<String> NOT_FOR_ROUTES = Stream.concat(FOR_STEPS.stream(), Stream.of(Headers.RESULT_CODE,
            Headers.RESULT_DESC, Headers.ALLOW, Headers.RETRY_AFTER, "Content-Length", "Content-Encoding",
            "Transfer-Encoding")).map(name -> name.toLowerCase(Locale.ROOT)).filter(name -> !CREDENTIALS.contains(name))
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<String> ANY = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");

    /** Exchange property: the message headers before the route started. */
    private static final String RECEIVED = HttpConsumer.class.getName() + ".received";

    private final HttpResponses responses;
    private final String path;
    private final PathPattern pattern;
    private final Set<String> methods;
    private final boolean ofContract;

    HttpConsumer(PlatformHttpEndpoint endpoint, Processor processor, HttpResponses responses) {
        super(endpoint, processor);
        this.responses = responses;
        this.path = endpoint.getPath().startsWith("/") ? endpoint.getPath() : "/" + endpoint.getPath();
        this.pattern = path.indexOf('{') < 0 ? null : PathPatternParser.defaultInstance.parse(path);
        String restricted = endpoint.getHttpMethodRestrict();
        this.methods = restricted == null ? ANY
                : Stream.of(restricted.split(",")).map(String::strip).collect(Collectors.toUnmodifiableSet());
        this.ofContract = HttpResponses.CONTRACT.contains(path);
    }

    @Override
    public PlatformHttpEndpoint getEndpoint() {
        return (PlatformHttpEndpoint) super.getEndpoint();
    }

    String path() {
        return path;
    }

    Set<String> methods() {
        return methods;
    }

    boolean takes(String requested) {
        return requested.equals(path)
                || pattern != null && pattern.matches(PathContainer.parsePath(requested))
                || getEndpoint().isMatchOnUriPrefix() && requested.startsWith(path.endsWith("/") ? path : path + "/");
    }

    /** Runs the route. Afterwards, the caller must call {@link #respond}, which ends the exchange. */
    Exchange process(String requested, HttpServletRequest request, InputStream body) {
        // A pooled exchange (camel.main.exchange-factory) would be reused before its body is streamed (decision 0006).
        Exchange exchange = getEndpoint().createExchange(ExchangePattern.InOut);
        try {
            read(requested, request, body, exchange);
            createUoW(exchange);
            getProcessor().process(exchange);
        } catch (Exception failure) {
            exchange.setException(failure);
        }
        return exchange;
    }

    private void read(String requested, HttpServletRequest request, InputStream body, Exchange exchange)
            throws IOException {
        String requestId = RequestId.of(request);
        Map<String, Object> forSteps = new HashMap<>();
        FOR_STEPS.forEach(name -> forSteps.put(name, ApiValve.header(request, name)));
        for (String name : Collections.list(request.getHeaderNames())) {
            add(name, ApiValve.header(request, name), exchange);
        }
        if (!ofContract) {
            readBodyAndParameters(requested, request, exchange);
        }
        exchange.setProperty(RequestId.PROPERTY, requestId);
        exchange.setVariable(Variables.REQUEST_ID, requestId);
        ClientRequest.keep(exchange, forSteps, body, request.getRemoteAddr());
    }

    private static String decoded(String text) {
        return text == null ? "" : UriUtils.decode(text.replace('+', ' '), StandardCharsets.UTF_8);
    }

    private void add(String name, Object value, Exchange exchange) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!lower.startsWith("camel") && !NOT_FOR_ROUTES.contains(lower)
                && !(ofContract && CREDENTIALS.contains(lower))
                && !getEndpoint().getHeaderFilterStrategy().applyFilterToExternalHeaders(name, value, exchange)) {
            exchange.getMessage().setHeader(name, value);
        }
    }

    /** Sets body, parameters, method, path and query as Camel's own consumer does. */
    private void readBodyAndParameters(String requested, HttpServletRequest request, Exchange exchange)
            throws IOException {
        Message message = exchange.getMessage();
        if (request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null) {
            message.setBody(request.getInputStream());
        }
        if (request.getQueryString() != null) {
            UriComponentsBuilder.newInstance().query(request.getQueryString()).build().getQueryParams()
                    .forEach((name, values) -> add(name, values.size() == 1 ? decoded(values.get(0))
                            : values.stream().map(HttpConsumer::decoded).toList(), exchange));
        }
        PathPattern.PathMatchInfo match =
                pattern == null ? null : pattern.matchAndExtract(PathContainer.parsePath(requested));
        if (match != null) {
            match.getUriVariables().forEach((name, value) -> add(name, value, exchange));
        }
        message.setHeader(Exchange.HTTP_METHOD, request.getMethod());
        message.setHeader(Exchange.HTTP_PATH, requested);
        message.setHeader(Exchange.HTTP_QUERY, request.getQueryString());
        exchange.setProperty(RECEIVED, new HashMap<>(message.getHeaders()));
    }

    void respond(Exchange exchange, HttpServletResponse response) throws IOException {
        try {
            if (ofContract || exchange.isFailed() || exchange.getMessage().getBody() instanceof MadeResponse) {
                respondAsContract(exchange, response);
            } else {
                responses.writeBody(exchange, exchange.getProperty(RECEIVED, Map.of(), Map.class),
                        getEndpoint().getHeaderFilterStrategy(), response);
            }
        } catch (IOException | RuntimeException failure) {
            exchange.setException(failure);
            if (failure instanceof IOException || response.isCommitted()) {
                throw failure;
            }
            response.resetBuffer();
            Outcome outcome = responses.writeFailure(failure, null, response);
            RecordDownload.responded(exchange, response.getStatus(), outcome.resultCode());
        } finally {
            doneUoW(exchange);
        }
    }

    private void respondAsContract(Exchange exchange, HttpServletResponse response) throws IOException {
        RecordDownload.responseStarts(exchange);
        Exception failure = exchange.isFailed() ? unhandled(exchange) : missingResponse(exchange);
        String freshSession = ClientRequest.freshSession(exchange);
        if (freshSession != null) {
            response.setHeader(ClientRequest.SESSION_TOKEN, freshSession);
        }
        // A missing response is the fault of a route, not of the storage branch.
        String branch = exchange.isFailed() ? exchange.getVariable(Variables.BRANCH, String.class) : null;
        Outcome outcome = failure == null ? responses.write(exchange.getMessage(), response)
                : responses.writeFailure(failure, branch, response);
        if (outcome.failure() != null) {
            exchange.setProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, outcome.failure());
        } else if (failure == null && outcome.resultDesc() == null) {
            // The route may have recovered from a failure, for example with another storage.
            exchange.removeProperty(ExchangePropertyKey.EXCEPTION_CAUGHT);
        }
        RecordDownload.responded(exchange, response.getStatus(), outcome.resultCode());
    }

    /** Returns a failure that no {@code onException} clause handled, as in a route without {@code result-codes}. */
    private static Exception unhandled(Exchange exchange) {
        Exception failure = exchange.getException();
        LOG.error("Route {}: no clause of its routeConfigurationId handled a failure: {}", exchange.getFromRouteId(),
                failure.toString());
        // Camel applies no onException clause to an InterruptedException.
        return failure instanceof InterruptedException ? new IllegalStateException("a step was interrupted", failure)
                : failure;
    }

    /** Returns the failure of an edited route that made no response; {@code null} if a response exists. */
    private static Exception missingResponse(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof MadeResponse made && made.isFor(exchange)) {
            return null;
        }
        IllegalStateException failure = new IllegalStateException("step respond did not make the response");
        LOG.error("Route {} has no response to send: {}. The body is {}, and resultCode is {}. The client gets 500",
                exchange.getFromRouteId(), failure.getMessage(), body == null ? "empty"
                        : "a " + body.getClass().getSimpleName(), exchange.getMessage().getHeader(Headers.RESULT_CODE));
        exchange.setProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, failure);
        return failure;
    }
}
