package org.ccmessaging.filestream.http;

import static jakarta.servlet.http.HttpServletResponse.SC_HTTP_VERSION_NOT_SUPPORTED;
import static jakarta.servlet.http.HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
import static jakarta.servlet.http.HttpServletResponse.SC_METHOD_NOT_ALLOWED;
import static jakarta.servlet.http.HttpServletResponse.SC_NOT_FOUND;
import static jakarta.servlet.http.HttpServletResponse.SC_NOT_IMPLEMENTED;
import static jakarta.servlet.http.HttpServletResponse.SC_SERVICE_UNAVAILABLE;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Set;
import org.apache.camel.Message;
import org.ccmessaging.filestream.failure.InvalidRequestException;
import org.ccmessaging.filestream.failure.MethodNotAllowedException;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.failure.UnknownPathException;
import org.ccmessaging.filestream.response.FailureOutcome;
import org.ccmessaging.filestream.response.MadeResponse;
import org.ccmessaging.filestream.response.RspBody;
import org.ccmessaging.filestream.response.StreamingBody.Outcome;
import org.ccmessaging.filestream.response.StreamingBody;
import org.ccmessaging.filestream.toolkit.Headers;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.stereotype.Component;

/**
 * Writes the responses of the API port: those of routes, and those to requests that no route sees. As an
 * {@link ErrorController} it takes the place of Spring Boot's, so that {@code /error} is an unknown path as well.
 */
@Component
class HttpResponses implements ErrorController {

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
        writePlain(SC_INTERNAL_SERVER_ERROR, "", response);
        return new Outcome(Integer.toString(SC_INTERNAL_SERVER_ERROR), null, null);
    }

    /**
     * Writes the response of clause {@code busy} of {@code result-codes.camel.yaml} to a request that comes before the
     * routes start.
     *
     * @throws IOException if the client no longer takes the response
     */
    void writeStarting(HttpServletResponse response) throws IOException {
        response.setHeader(Headers.RETRY_AFTER, "1");
        response.setHeader(Headers.RESULT_CODE, Integer.toString(SC_SERVICE_UNAVAILABLE));
        response.setHeader(Headers.RESULT_DESC, BUSY);
        writePlain(SC_SERVICE_UNAVAILABLE, BUSY, response);
    }

    private static void writePlain(int status, String text, HttpServletResponse response) throws IOException {
        byte[] body = RspBody.of(status, null, text);
        response.setStatus(status);
        response.setContentType(JSON);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static Exception failure(int status, HttpServletRequest request) {
        return switch (status) {
            case SC_NOT_FOUND -> new UnknownPathException("no operation has this path");
            case SC_METHOD_NOT_ALLOWED -> new MethodNotAllowedException("the path has another method",
                    takesPost(request) ? "POST" : "GET");
            case SC_SERVICE_UNAVAILABLE -> new ServiceBusyException("the route is stopped");
            // Tomcat knows neither the transfer coding nor the version; it does not forward (CONNECT) either.
            case SC_NOT_IMPLEMENTED, SC_HTTP_VERSION_NOT_SUPPORTED -> malformed(request);
            default -> status < SC_INTERNAL_SERVER_ERROR ? malformed(request)
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
        return !InterfaceDescription.PATH.equals(request.getRequestURI());
    }
}
