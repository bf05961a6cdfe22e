package org.ccmessaging.filestream.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.List;
import org.apache.camel.Message;
import org.ccmessaging.filestream.observe.TraceFilter;
import org.ccmessaging.filestream.toolkit.Headers;

/**
 * Copies headers through the edge, in both directions, by allow-lists. No other header has any business inside (a
 * client's {@code CamelAwsS3Key}, CVE-2025-27636) or outside (a bucket's name, the request's own token).
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
     * Copies the request headers; a header that the client repeats becomes a list of its values. The trace is that of
     * this service's own span, and not the one that the client sent.
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

    /** Copies the response headers, but never a value that the request itself brought as a credential. */
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
