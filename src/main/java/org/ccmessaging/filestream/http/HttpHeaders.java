package org.ccmessaging.filestream.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.List;
import org.apache.camel.Message;
import org.ccmessaging.filestream.observe.TraceFilter;
import org.ccmessaging.filestream.toolkit.Headers;

/**
 * Copies headers through the edge, in both directions, by allow-lists. A client's {@code CamelAwsS3Key} must not steer
 * a route (CVE-2025-27636). A bucket's name or the request's own token must not leave the service.
 */
final class HttpHeaders {

    /** Request headers that operations of the contract read (sections 2 and 5). */
    private static final List<String> REQUEST =
            List.of(Headers.SESSION_TOKEN, Headers.APP_KEY, Headers.AUTHORIZATION, Headers.TOKEN_EXPIRE);

    /** Headers of a response (contract sections 4 and 5), besides Content-Type and what HTTP itself needs. */
    private static final List<String> RESPONSE = List.of(Headers.RESULT_CODE, Headers.RESULT_DESC,
            Headers.SESSION_TOKEN, Headers.ALLOW, Headers.RETRY_AFTER);

    private HttpHeaders() {
    }

    /**
     * Copies the request headers. A header that the client repeats becomes a list of its values. Header
     * {@code traceparent} names this service's own span and not the client's.
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

    /**
     * Copies the response headers. It leaves out a value that the request sent in the same header, since that may be a
     * credential of the request.
     */
    static void write(Message message, HttpServletRequest request, HttpServletResponse response) {
        for (String name : RESPONSE) {
            String value = message.getHeader(name, String.class);
            if (value != null && !value.equals(request.getHeader(name))) {
                response.setHeader(name, visible(value));
            }
        }
    }

    /** Replaces all but visible ASCII (RFC 9110 section 5.5), which a gateway might cut or refuse. */
    private static String visible(String value) {
        boolean allVisible = value.chars().allMatch(character -> character >= ' ' && character <= '~');
        return allVisible ? value : value.replaceAll("[^\\x20-\\x7E]", "?");
    }
}
