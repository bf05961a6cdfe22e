package org.ccmessaging.filestream.http;

import static org.ccmessaging.filestream.response.ResultHeaders.RESULT_CODE;
import static org.ccmessaging.filestream.response.ResultHeaders.RESULT_DESC;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.List;
import org.apache.camel.Message;
import org.ccmessaging.filestream.trace.TraceFilter;

/**
 * Which headers pass the edge, in both directions: allow-lists, because what is not named here has no business inside
 * (a client's {@code CamelAwsS3Key}, CVE-2025-27636) or outside (a bucket's name, the request's own token).
 */
final class HttpHeaders {

    private static final String SESSION_TOKEN = "ccmessaging-token";

    /** What an operation of the contract reads (sections 2 and 5). */
    private static final List<String> REQUEST = List.of(SESSION_TOKEN, "x-app-key", "Authorization", "X-Token-Expire");

    /** What an answer of the contract carries (sections 4 and 5), besides Content-Type and what HTTP itself needs. */
    private static final List<String> RESPONSE =
            List.of(RESULT_CODE, RESULT_DESC, SESSION_TOKEN, "Allow", "Retry-After");

    private HttpHeaders() {
    }

    /**
     * Copies what may come in; a header that was sent more than once becomes a list of its values. The trace is the one
     * of this service's own span, and not what the client sent.
     */
    static void read(HttpServletRequest request, Message message) {
        for (String name : REQUEST) {
            List<String> values = Collections.list(request.getHeaders(name));
            if (!values.isEmpty()) {
                message.setHeader(name, values.size() == 1 ? values.get(0) : values);
            }
        }
        Object trace = request.getAttribute(TraceFilter.TRACEPARENT);
        if (trace != null) {
            message.setHeader(TraceFilter.TRACEPARENT, trace);
        }
    }

    /** Copies what may go out, but never a value that the request itself brought as a credential. */
    static void write(Message message, HttpServletRequest request, HttpServletResponse response) {
        for (String name : RESPONSE) {
            String value = message.getHeader(name, String.class);
            if (value != null && !value.equals(request.getHeader(name))) {
                response.setHeader(name, visible(value));
            }
        }
    }

    /** A header value is visible ASCII (RFC 9110 section 5.5); anything else would be cut or refused on its way. */
    private static String visible(String value) {
        boolean allVisible = value.chars().allMatch(character -> character >= ' ' && character <= '~');
        return allVisible ? value : value.replaceAll("[^\\x20-\\x7E]", "?");
    }
}
