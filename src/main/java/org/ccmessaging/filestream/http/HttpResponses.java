package org.ccmessaging.filestream.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.camel.Message;
import org.ccmessaging.filestream.failure.InvalidRequestException;
import org.ccmessaging.filestream.failure.MethodNotAllowedException;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.failure.UnknownPathException;
import org.ccmessaging.filestream.response.FailureOutcome;
import org.ccmessaging.filestream.response.MadeResponse;
import org.ccmessaging.filestream.response.StreamingBody.Outcome;
import org.ccmessaging.filestream.response.StreamingBody;
import org.ccmessaging.filestream.toolkit.Headers;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * Writes the responses of the API port: those of routes, and those to requests that no route sees. It also responds
 * where Tomcat would show an error page of its own: unknown paths, wrong methods, failures.
 */
@Controller
class HttpResponses implements ErrorController {

    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int INTERNAL_ERROR = 500;
    private static final int NOT_IMPLEMENTED = 501;
    private static final int UNKNOWN_VERSION = 505;
    private static final int UNAVAILABLE = 503;
    private static final String JSON = "application/json";

    /**
     * Text of clause {@code busy} in {@code result-codes.camel.yaml}, for the time before the routes start
     * (decision 0002).
     */
    static final String BUSY = "The service is busy. Send the request again after the seconds in Retry-After.";

    private final StreamedResponseThreads streamedResponses;
    private final Set<String> headers;

    HttpResponses(StreamedResponseThreads streamedResponses, HttpSettings settings) {
        this.streamedResponses = streamedResponses;
        this.headers = settings.responseHeaders();
    }

    @RequestMapping("${server.error.path:/error}")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // Without a status nothing failed: a client requested the error page itself, which is an unknown path.
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        writeFailure(status instanceof Integer code ? code : NOT_FOUND, request, response);
    }

    /**
     * Writes the response that the body of the message is.
     *
     * @return the outcome that the response told the client
     * @throws IOException if the client no longer takes the response
     */
    Outcome write(Message message, HttpServletRequest request, HttpServletResponse response) throws IOException {
        MadeResponse made = (MadeResponse) message.getBody();
        response.setStatus(made.status());
        response.setContentType(JSON);
        HttpHeaders.write(headers, message, made.outcome(), response);
        ApiValve.announceEnd(request, response);
        StreamingBody body = made.body();
        if (body.length() < 0) {
            return streamedResponses.write(body, response.getOutputStream());
        }
        response.setContentLengthLong(body.length());
        return body.writeTo(response.getOutputStream());
    }

    /**
     * Writes the response to a request that failed outside the routes.
     *
     * @param status the status that Tomcat would respond with
     * @return the outcome that the response told the client
     * @throws IOException if the client no longer takes the response
     */
    Outcome writeFailure(int status, HttpServletRequest request, HttpServletResponse response) throws IOException {
        return writeFailure(outcome(request).of(failure(status, request)), request, response);
    }

    /**
     * Writes the response to a failure that no clause of its own route has handled.
     *
     * @param branch name of the storage branch; {@code null} if none has been chosen
     * @return the outcome that the response told the client
     * @throws IOException if the client no longer takes the response
     */
    Outcome writeFailure(Exception failure, String branch, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        return writeFailure(outcome(request).of(failure, branch), request, response);
    }

    private static FailureOutcome outcome(HttpServletRequest request) {
        return FailureOutcome.in(ApiValve.generation(request).camel());
    }

    private Outcome writeFailure(Message made, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (made != null) {
            return write(made, request, response);
        }
        // The clauses gave no outcome: somebody removed them (decision 0002).
        writePlain(INTERNAL_ERROR, "", response);
        return new Outcome(Integer.toString(INTERNAL_ERROR), null, null);
    }

    /**
     * Writes the response of clause {@code busy} of {@code result-codes.camel.yaml} to a request that comes before the
     * routes start.
     *
     * @throws IOException if the client no longer takes the response
     */
    void writeStarting(HttpServletResponse response) throws IOException {
        response.setHeader(Headers.RETRY_AFTER, "1");
        response.setHeader(Headers.RESULT_CODE, Integer.toString(UNAVAILABLE));
        response.setHeader(Headers.RESULT_DESC, BUSY);
        writePlain(UNAVAILABLE, BUSY, response);
    }

    /** @param text holds no character that JSON escapes */
    private static void writePlain(int status, String text, HttpServletResponse response) throws IOException {
        byte[] body = ("{\"errorCode\":\"" + status + "\",\"exceptionInfo\":\"" + text + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType(JSON);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static Exception failure(int status, HttpServletRequest request) {
        return switch (status) {
            case NOT_FOUND -> new UnknownPathException("no operation has this path");
            case METHOD_NOT_ALLOWED -> new MethodNotAllowedException("the path has another method",
                    takesPost(request) ? "POST" : "GET");
            case UNAVAILABLE -> new ServiceBusyException("the route is stopped");
            // Tomcat knows neither the transfer coding nor the version; it does not forward (CONNECT) either.
            case NOT_IMPLEMENTED, UNKNOWN_VERSION -> malformed(request);
            default -> status < INTERNAL_ERROR ? malformed(request)
                    : new IllegalStateException("Tomcat responded with " + status);
        };
    }

    private static InvalidRequestException malformed(HttpServletRequest request) {
        boolean late = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof SocketTimeoutException;
        return new InvalidRequestException(late ? "The body did not arrive in time."
                : "The HTTP request is malformed.");
    }

    /** Returns whether the path takes POST, as operations do. The interface description takes GET (section 5). */
    static boolean takesPost(HttpServletRequest request) {
        // Tomcat forwards a failed request to its error page, which has a path of its own.
        Object passedOn = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        Object path = passedOn == null ? request.getRequestURI() : passedOn;
        return !InterfaceDescription.PATH.equals(path);
    }
}
