package org.ccmessaging.filestream.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.Message;
import org.apache.coyote.http11.Http11InputBuffer;
import org.apache.tomcat.util.res.StringManager;
import org.ccmessaging.filestream.failure.InvalidRequestException;
import org.ccmessaging.filestream.failure.Refusal;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.observe.DownloadMeters;
import org.ccmessaging.filestream.response.FailureOutcome;
import org.ccmessaging.filestream.response.MadeResponse;
import org.ccmessaging.filestream.response.Outcome;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.toolkit.Headers;
import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/** Writes the responses of the API port: those of routes, and those to requests that no route sees. */
@Component
class HttpResponses {

    /** Contract section 1. The paths of {@code filestream.routes.entry-points} lead there too. */
    static final String DOWNLOAD = "/apiaccess/ccmessaging/downloadFileStream";

    private static final String JSON = "application/json";

    /** Maximum length of a text in a header. That of a client may be part of it, and Tomcat has room for 8 KB. */
    private static final int LONGEST_TEXT = 200;

    /** Only its message tells this exception from others of Tomcat's parser. Tomcat has it in several languages. */
    private static final String TOO_LARGE =
            StringManager.getManager(Http11InputBuffer.class).getString("iib.requestheadertoolarge.error");

    private final StreamedResponseThreads streamedResponses;
    private final List<String> headers;
    private final long mostHeaderBytes;
    private final RoutesSettings routes;
    private final DownloadMeters meters;

    HttpResponses(Environment environment, HttpSettings settings, RoutesSettings routes, DownloadMeters meters) {
        this.streamedResponses = new StreamedResponseThreads(Threading.VIRTUAL.isActive(environment));
        // The first two are those of contract section 4.
        this.headers = Stream.concat(Stream.of(Headers.ALLOW, Headers.RETRY_AFTER),
                settings.responseHeaders().stream()).toList();
        this.mostHeaderBytes =
                environment.getRequiredProperty("server.max-http-request-header-size", DataSize.class).toBytes();
        this.routes = routes;
        this.meters = meters;
    }

    Outcome write(Message message, HttpServletResponse response) throws IOException {
        MadeResponse made = (MadeResponse) message.getBody();
        response.setStatus(made.status());
        response.setContentType(JSON);
        MadeResponse.Body body = made.body();
        writeHeaders(message, body.outcome(), response);
        long length = body.length();
        if (length < 0) {
            return streamedResponses.write(body, response.getOutputStream());
        }
        response.setContentLengthLong(length);
        return body.writeTo(response.getOutputStream());
    }

    /**
     * Writes the headers of an allow-list, because the name of a bucket must not leave the service.
     *
     * @param outcome {@code null} if it is known only when the body ends
     */
    private void writeHeaders(Message message, Outcome outcome, HttpServletResponse response) {
        if (outcome != null) {
            String text = outcome.resultDesc();
            writeHeader(Headers.RESULT_CODE, outcome.resultCode(), response);
            // The body has the complete text.
            writeHeader(Headers.RESULT_DESC, text == null || text.length() <= LONGEST_TEXT ? text
                    : text.substring(0, LONGEST_TEXT), response);
        }
        for (String name : headers) {
            writeHeader(name, message.getHeader(name, String.class), response);
        }
    }

    /** Replaces all but visible ASCII (RFC 9110 section 5.5), which a gateway might cut or refuse. */
    private static void writeHeader(String name, String value, HttpServletResponse response) {
        if (value != null) {
            boolean visible = value.chars().allMatch(character -> character >= ' ' && character <= '~');
            response.setHeader(name, visible ? value : value.replaceAll("[^\\x20-\\x7E]", "?"));
        }
    }

    /** @param branch name of the storage branch; {@code null} if none has been chosen */
    Outcome writeFailure(Exception failure, String branch, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        return write(FailureOutcome.in(ApiValve.entered(request).generation().camel()).of(failure, branch), response);
    }

    /** Refuses a request with 503 before any route, and counts it if it is a download. */
    void refuse(Refusal reason, HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getRequestURI();
        if (path.equals(DOWNLOAD) || routes.entryPoints().contains(path)) {
            meters.refused(reason);
        }
        writeFailure(new ServiceBusyException(reason), null, request, response);
    }

    /** @param status the status that Tomcat would respond with to a request that it refuses, or that failed */
    void refuse(int status, HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (status) {
            case HttpServletResponse.SC_SERVICE_UNAVAILABLE -> refuse(Refusal.DRAINING, request, response);
            // Tomcat knows neither the transfer coding nor the version; it does not forward (CONNECT) either.
            case HttpServletResponse.SC_NOT_IMPLEMENTED, HttpServletResponse.SC_HTTP_VERSION_NOT_SUPPORTED ->
                    writeFailure(malformed(request), null, request, response);
            default -> writeFailure(status < HttpServletResponse.SC_INTERNAL_SERVER_ERROR ? malformed(request)
                    : new IllegalStateException("Tomcat responded with " + status), null, request, response);
        }
    }

    private InvalidRequestException malformed(HttpServletRequest request) {
        Object failure = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
        return new InvalidRequestException(
                failure instanceof SocketTimeoutException ? "The body did not arrive in time."
                : failure instanceof IllegalArgumentException refused && TOO_LARGE.equals(refused.getMessage())
                        ? "The request line and the headers are larger than " + mostHeaderBytes + " bytes."
                : "The HTTP request is malformed.");
    }
}
