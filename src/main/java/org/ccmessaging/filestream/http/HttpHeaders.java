package org.ccmessaging.filestream.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Message;
import org.ccmessaging.filestream.auth.ClientRequest;
import org.ccmessaging.filestream.observe.TraceFilter;
import org.ccmessaging.filestream.response.Outcome;
import org.ccmessaging.filestream.toolkit.Headers;

/**
 * Copies headers between HTTP and the exchange, in both directions, by allow-lists. A client's {@code CamelAwsS3Key}
 * must not steer a route (CVE-2025-27636), and a bucket's name must not leave the service. No route sees a credential.
 */
final class HttpHeaders {

    /** Request headers that steps of the service read (contract sections 2 and 5), and no route. */
    private static final List<String> FOR_STEPS = List.of(ClientRequest.SESSION_TOKEN, ClientRequest.APP_KEY,
            ClientRequest.AUTHORIZATION, ClientRequest.TOKEN_EXPIRE);

    /** Maximum length of a text. That of a client may be part of it, and Tomcat has room for 8 KB of headers. */
    private static final int LONGEST_TEXT = 200;

    private HttpHeaders() {
    }

    /** Returns the value of a header; {@code null} if it is absent, and a list if the client repeats it. */
    private static Object value(HttpServletRequest request, String name) {
        List<String> values = Collections.list(request.getHeaders(name));
        return values.size() > 1 ? values : values.isEmpty() ? null : values.get(0);
    }

    /** Returns the value of a header that comes once; {@code null} if it is absent, or the client repeats it. */
    static String single(HttpServletRequest request, String name) {
        return value(request, name) instanceof String once ? once : null;
    }

    static Map<String, Object> forSteps(HttpServletRequest request) {
        Map<String, Object> found = new HashMap<>();
        FOR_STEPS.forEach(name -> found.put(name, value(request, name)));
        return found;
    }

    /** Header {@code traceparent} names this service's own span and not the client's. */
    static void read(Collection<String> names, HttpServletRequest request, Message message) {
        for (String name : names) {
            Object value = value(request, name);
            if (value != null) {
                message.setHeader(name, value);
            }
        }
        Object trace = request.getAttribute(TraceFilter.TRACEPARENT);
        if (trace != null) {
            message.setHeader(TraceFilter.TRACEPARENT, trace);
        }
    }

    /** @param outcome {@code null} if it is known only when the body ends */
    static void write(Collection<String> names, Message message, Outcome outcome, HttpServletResponse response) {
        if (outcome != null) {
            String text = outcome.resultDesc();
            write(Headers.RESULT_CODE, outcome.resultCode(), response);
            // The body has the complete text.
            write(Headers.RESULT_DESC, text == null || text.length() <= LONGEST_TEXT ? text
                    : text.substring(0, LONGEST_TEXT), response);
        }
        for (String name : names) {
            write(name, message.getHeader(name, String.class), response);
        }
    }

    /** Replaces all but visible ASCII (RFC 9110 section 5.5), which a gateway might cut or refuse. */
    private static void write(String name, String value, HttpServletResponse response) {
        if (value != null) {
            boolean visible = value.chars().allMatch(character -> character >= ' ' && character <= '~');
            response.setHeader(name, visible ? value : value.replaceAll("[^\\x20-\\x7E]", "?"));
        }
    }
}
