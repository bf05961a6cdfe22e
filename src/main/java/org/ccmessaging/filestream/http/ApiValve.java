package org.ccmessaging.filestream.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.http.Outcome;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.ccmessaging.filestream.auth.ClientRequest;
import org.ccmessaging.filestream.auth.TokenVerifier;
import org.ccmessaging.filestream.failure.Refusal;
import org.ccmessaging.filestream.routes.Serving;
import org.ccmessaging.filestream.routes.Serving.Entered;
import org.ccmessaging.filestream.toolkit.ClientAddress;
import org.ccmessaging.filestream.toolkit.RequestId;
import org.slf4j.MDC;
import org.springframework.security.crypto.keygen.BytesKeyGenerator;
import org.springframework.security.crypto.keygen.KeyGenerators;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Handles each request of the API port before the application, and responds to those that the application never sees:
 * those that Tomcat refuses (malformed request lines, headers that are too large, paths that lead above the root),
 * and those of a client behind a trusted proxy that has too many.
 */
final class ApiValve extends ErrorReportValve {

    private static final Pattern VALID_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** Length of a generated ID. Two requests never share it. */
    private static final int ID_BYTES = 16;

    private static final String ENTERED = Entered.class.getName();

    private static final int SKIPPED_BYTES = 1024;

    private static final String UNKNOWN = "UNKNOWN";

    /** Other methods are no label: a client may send any word. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE");

    /** A secure generator, so that an ID reveals neither the number of requests nor the nonces for the store. */
    private final BytesKeyGenerator ids = KeyGenerators.secureRandom(ID_BYTES);

    private final HttpResponses responses;
    private final Serving serving;
    private final TokenVerifier tokens;
    private final CrossOrigin crossOrigin;
    private final Limits limits;
    private final MeterRegistry meters;
    private final Map<Tags, Timer> timers = new ConcurrentHashMap<>();

    ApiValve(HttpResponses responses, Serving serving, TokenVerifier tokens, CrossOrigin crossOrigin, Limits limits,
            MeterRegistry meters) {
        this.responses = responses;
        this.serving = serving;
        this.tokens = tokens;
        this.crossOrigin = crossOrigin;
        this.limits = limits;
        this.meters = meters;
    }

    static Entered entered(ServletRequest request) {
        return (Entered) request.getAttribute(ENTERED);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        long start = System.nanoTime();
        String clients = HttpHeaders.single(request, RequestId.HEADER);
        String id = clients != null && VALID_ID.matcher(clients).matches() ? clients
                : HexFormat.of().formatHex(ids.generateKey());
        request.setAttribute(RequestId.PROPERTY, id);
        response.setHeader(RequestId.HEADER, id);
        MDC.put(RequestId.FIELD, id);
        // The first generation has started when Tomcat opens the port.
        Entered entered = serving.enter(() ->
                tokens.sessionName(HttpHeaders.single(request, ClientRequest.SESSION_TOKEN)));
        request.setAttribute(ENTERED, entered);
        try {
            crossOrigin.start(request, response);
            countAddress(request, response);
            if (isBodyUnderWay(request)) {
                announceEnd(request, response);
                // First, because Tomcat takes what follows for an error and would change the status.
                response.finishResponse();
                request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
            }
        } finally {
            entered.generation().exit();
            MDC.remove(RequestId.FIELD);
            timers.computeIfAbsent(labels(request, response.getStatus()), labels ->
                    Timer.builder("http.server.requests").tags(labels).register(meters))
                    .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    /** Returns the labels that Spring Boot's filter would give. It takes a twentieth of a download (decision 0006). */
    private static Tags labels(Request request, int status) {
        String path = (String) request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        Object failure = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
        String failed = failure == null ? "none" : failure.getClass().getSimpleName();
        return Tags.of("uri", path != null ? path : status == HttpServletResponse.SC_NOT_FOUND ? "NOT_FOUND" : UNKNOWN,
                "method", METHODS.contains(String.valueOf(request.getMethod())) ? request.getMethod() : UNKNOWN,
                "status", Integer.toString(status), "outcome", Outcome.forStatus(status).name(),
                "exception", failed, "error", failed);
    }

    private void countAddress(Request request, Response response) throws IOException, ServletException {
        InetAddress client = limits.addresses.behindProxy(request);
        request.setAttribute(ClientAddress.PROPERTY,
                client == null ? request.getRemoteAddr() : client.getHostAddress());
        if (client != null && !limits.addresses.enter(client)) {
            limits.count(Limits.Cut.PER_ADDRESS);
            responses.refuse(Refusal.PER_ADDRESS, request, response);
            return;
        }
        try {
            super.invoke(request, response);
        } finally {
            if (client != null) {
                limits.addresses.leave(client);
            }
        }
    }

    @Override
    protected void report(Request request, Response response, Throwable failure) {
        // Another component may have written the response already, or started to.
        boolean written = response.isCommitted() || response.getContentWritten() > 0;
        if (response.getStatus() < HttpServletResponse.SC_BAD_REQUEST || written || !response.setErrorReported()) {
            return;
        }
        // After sendError, Tomcat ignores what a servlet writes.
        response.setAppCommitted(false);
        // Tomcat removes all headers before it reports an exception.
        response.setHeader(RequestId.HEADER, RequestId.of(request));
        CrossOrigin.announce(request, response);
        try {
            if (response.getStatus() == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
                responses.refuse(Refusal.DRAINING, request.getRequest(), response.getResponse());
            } else {
                responses.writeFailure(responses.failure(response.getStatus(), request.getRequest()), null,
                        request.getRequest(), response.getResponse());
            }
            response.finishResponse();
        } catch (IOException gone) {
            // The client went away.
        }
    }

    /** Call this method before the headers leave. */
    static void announceEnd(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (isBodyUnderWay(request)) {
            response.setHeader("Connection", "close");
        }
    }

    /** Skips the part of the body that has arrived with the headers, and waits for no more (decision 0016). */
    private static boolean isBodyUnderWay(HttpServletRequest request) throws IOException {
        ServletInputStream body = request.getInputStream();
        if (!body.isFinished() && hasLength(request)) {
            byte[] skipped = new byte[SKIPPED_BYTES];
            int count = 0;
            while (count >= 0 && !body.isFinished() && body.available() > 0) {
                count = body.read(skipped);
            }
        }
        return !body.isFinished();
    }

    private static boolean hasLength(HttpServletRequest request) {
        try {
            return request.getContentLengthLong() >= 0;
        } catch (IllegalArgumentException notANumber) {
            return false;
        }
    }
}
