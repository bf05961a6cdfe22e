package org.ccmessaging.filestream.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.ccmessaging.filestream.toolkit.RequestId;
import org.slf4j.MDC;
import org.springframework.security.crypto.keygen.BytesKeyGenerator;
import org.springframework.security.crypto.keygen.KeyGenerators;
import org.springframework.web.servlet.HandlerMapping;

/** Sets request ID and CORS headers, and responds to requests that Tomcat itself refuses (decision 0009). */
final class ApiValve extends ErrorReportValve {

    private static final Pattern VALID_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private static final int ID_BYTES = 16;

    /** Metric label for a path without a route. With the real path, each invented path would add a metric series. */
    private static final String UNKNOWN = "UNKNOWN";

    private static final String RESPONSE = ApiValve.class.getName() + ".response";

    private final BytesKeyGenerator ids = KeyGenerators.secureRandom(ID_BYTES);

    private final HttpResponses responses;
    private final CorsSettings cors;
    private final MeterRegistry meters;

    ApiValve(HttpResponses responses, CorsSettings cors, MeterRegistry meters) {
        this.responses = responses;
        this.cors = cors;
        this.meters = meters;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        long start = System.nanoTime();
        String ofClient = single(request, RequestId.HEADER);
        String id = ofClient != null && VALID_ID.matcher(ofClient).matches() ? ofClient
                : HexFormat.of().formatHex(ids.generateKey());
        request.setAttribute(RequestId.PROPERTY, id);
        request.setAttribute(RESPONSE, response);
        MDC.put(RequestId.FIELD, id);
        try {
            cors.rememberOrigin(request);
            addHeaders(request, response);
            super.invoke(request, response);
        } finally {
            MDC.remove(RequestId.FIELD);
            timer(request, response.getStatus()).record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    private Timer timer(Request request, int status) {
        String path = (String) request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        return meters.timer("http.server.requests", "uri", path == null ? UNKNOWN : path,
                "method", path == null ? UNKNOWN : request.getMethod(), "status", Integer.toString(status));
    }

    /** Discards the error response that Tomcat prepares after a failed read of the request body. */
    static void takeBackResponse(HttpServletRequest request) {
        Response response = (Response) request.getAttribute(RESPONSE);
        response.reset();
        response.setSuspended(false);
        addHeaders(request, response);
    }

    private static void addHeaders(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader(RequestId.HEADER, RequestId.of(request));
        CorsSettings.addHeaders(request, response);
    }

    /** Returns {@code null} for an absent header, and a list for a repeated header. */
    static Object header(HttpServletRequest request, String name) {
        List<String> values = Collections.list(request.getHeaders(name));
        return values.size() > 1 ? values : values.isEmpty() ? null : values.get(0);
    }

    /** Returns {@code null} for an absent or repeated header. */
    static String single(HttpServletRequest request, String name) {
        return header(request, name) instanceof String once ? once : null;
    }

    @Override
    protected void report(Request request, Response response, Throwable failure) {
        boolean written = response.isCommitted() || response.getContentWritten() > 0;
        if (response.getStatus() < HttpServletResponse.SC_BAD_REQUEST || written || !response.setErrorReported()) {
            return;
        }
        // Otherwise Tomcat ignores a status or header that is set after sendError().
        response.setAppCommitted(false);
        // Tomcat removes all headers before it reports an exception.
        addHeaders(request, response);
        try {
            responses.refuse(responses.failure(response.getStatus(), request), request.getRequest(),
                    response.getResponse());
            response.finishResponse();
        } catch (IOException gone) {
            // The client went away.
        }
    }
}
