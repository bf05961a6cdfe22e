package org.ccmessaging.filestream.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Message;
import org.ccmessaging.filestream.auth.ClientRequest;
import org.ccmessaging.filestream.observe.TraceFilter;
import org.ccmessaging.filestream.response.StreamingBody.Outcome;
import org.ccmessaging.filestream.toolkit.Headers;

/**
 * Copies headers through the edge, in both directions, by allow-lists. A client's {@code CamelAwsS3Key} must not steer
 * a route (CVE-2025-27636), and a bucket's name must not leave the service. No route sees a credential.
 */
final class HttpHeaders {

    /** Request headers that steps of the service read (contract sections 2 and 5), and no route. */
    private static final List<String> KEPT = List.of(ClientRequest.SESSION_TOKEN, ClientRequest.APP_KEY,
            ClientRequest.AUTHORIZATION, ClientRequest.TOKEN_EXPIRE);

    /** Headers of a response that routes set (contract section 4), besides those of its outcome. */
    private static final List<String> OF_ROUTE = List.of(Headers.ALLOW, Headers.RETRY_AFTER);

    /** Maximum length of a text. That of a client may be part of it, and Tomcat has room for 8 KB of headers. */
    private static final int LONGEST_TEXT = 200;

    /** An escape of JSON or Java that the cut left incomplete, at the end of a value. */
    private static final Pattern HALF_ESCAPE = Pattern.compile("\\\\(u\\p{XDigit}{0,3})?$");

    private HttpHeaders() {
    }

    /** The value of a header that comes once; {@code null} if it is absent, or the client repeats it. */
    static String single(HttpServletRequest request, String name) {
        Enumeration<String> values = request.getHeaders(name);
        String first = values.hasMoreElements() ? values.nextElement() : null;
        return values.hasMoreElements() ? null : first;
    }

    /** The headers that no route sees, for the steps that read them. */
    static Map<String, Object> kept(HttpServletRequest request) {
        return values(KEPT, request);
    }

    /**
     * Copies the request headers that routes see. Header {@code traceparent} names this service's own span and not the
     * client's.
     */
    static void read(Collection<String> names, HttpServletRequest request, Message message) {
        values(names, request).forEach(message::setHeader);
        Object trace = request.getAttribute(TraceFilter.TRACEPARENT);
        if (trace != null) {
            message.setHeader(TraceFilter.TRACEPARENT, trace);
        }
    }

    /** A header that the client repeats has a list of its values. */
    private static Map<String, Object> values(Collection<String> names, HttpServletRequest request) {
        Map<String, Object> found = new HashMap<>();
        for (String name : names) {
            List<String> values = Collections.list(request.getHeaders(name));
            if (!values.isEmpty()) {
                found.put(name, values.size() == 1 ? values.get(0) : values);
            }
        }
        return found;
    }

    /**
     * Copies the response headers.
     *
     * @param more names of headers that routes set besides those of the contract
     * @param outcome {@code null} if only the end of the body can tell it
     */
    static void write(Collection<String> more, Message message, Outcome outcome, HttpServletResponse response) {
        if (outcome != null) {
            write(Headers.RESULT_CODE, outcome.resultCode(), response);
            write(Headers.RESULT_DESC, outcome.resultDesc() == null ? null : cut(outcome.resultDesc()), response);
        }
        for (Collection<String> names : List.of(OF_ROUTE, more)) {
            names.forEach(name -> write(name, message.getHeader(name, String.class), response));
        }
    }

    private static void write(String name, String value, HttpServletResponse response) {
        if (value != null) {
            response.setHeader(name, visible(value));
        }
    }

    /** Cuts a text, between two characters and not within an escape. The body has the complete text. */
    private static String cut(String value) {
        if (value.length() <= LONGEST_TEXT) {
            return value;
        }
        int end = Character.isHighSurrogate(value.charAt(LONGEST_TEXT - 1)) ? LONGEST_TEXT - 1 : LONGEST_TEXT;
        return HALF_ESCAPE.matcher(value.substring(0, end)).replaceFirst("");
    }

    /** Replaces all but visible ASCII (RFC 9110 section 5.5), which a gateway might cut or refuse. */
    private static String visible(String value) {
        boolean allVisible = value.chars().allMatch(character -> character >= ' ' && character <= '~');
        return allVisible ? value : value.replaceAll("[^\\x20-\\x7E]", "?");
    }
}
