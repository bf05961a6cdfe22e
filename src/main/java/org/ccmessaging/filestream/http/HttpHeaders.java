package org.ccmessaging.filestream.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Message;
import org.apache.catalina.connector.Request;
import org.apache.tomcat.util.http.MimeHeaders;
import org.ccmessaging.filestream.observe.TraceFilter;
import org.ccmessaging.filestream.response.StreamingBody.Outcome;
import org.ccmessaging.filestream.toolkit.Headers;

/**
 * Copies headers through the edge, in both directions, by allow-lists. A client's {@code CamelAwsS3Key} must not steer
 * a route (CVE-2025-27636). A bucket's name or the request's own token must not leave the service.
 */
final class HttpHeaders {

    /** Request headers that operations of the contract read (sections 2 and 5). */
    private static final List<String> REQUEST =
            List.of(Headers.SESSION_TOKEN, Headers.APP_KEY, Headers.AUTHORIZATION, Headers.TOKEN_EXPIRE);

    /**
     * Headers of a response that routes set (contract sections 4 and 5), besides those of its outcome, Content-Type and
     * what HTTP itself needs.
     */
    private static final List<String> OF_ROUTE = List.of(Headers.SESSION_TOKEN, Headers.ALLOW, Headers.RETRY_AFTER);

    /** Longest text in characters. That of a client may be part of it, and Tomcat has room for 8 KB of headers. */
    private static final int LONGEST_TEXT = 200;

    /** An escape of JSON or Java that the cut left incomplete, at the end of a value. */
    private static final Pattern HALF_ESCAPE = Pattern.compile("\\\\(u\\p{XDigit}{0,3})?$");

    /**
     * Shortest credential that the edge searches for in other text, in characters. A shorter one could be part of a
     * text of the contract by chance; the shortest JWT is longer.
     */
    private static final int SHORTEST_CREDENTIAL = 20;

    /** Attribute of a request: the values that {@link #read} let in. */
    private static final String RECEIVED = HttpHeaders.class.getName() + ".received";

    private HttpHeaders() {
    }

    /** The names of all request headers that routes see: those of the contract, and these. */
    static List<String> readable(Collection<String> more) {
        return Stream.concat(REQUEST.stream(), more.stream()).toList();
    }

    /** The value of a header that comes once; {@code null} if it is absent, or the client repeats it. */
    static String single(Request request, String name) {
        MimeHeaders headers = request.getCoyoteRequest().getMimeHeaders();
        int first = headers.findHeader(name, 0);
        return first < 0 || headers.findHeader(name, first + 1) >= 0 ? null : headers.getValue(first).toString();
    }

    /**
     * Copies the request headers. A header that the client repeats becomes a list of its values. Header
     * {@code traceparent} names this service's own span and not the client's.
     */
    static void read(List<String> names, HttpServletRequest request, Message message) {
        List<Object> received = new ArrayList<>();
        for (String name : names) {
            List<String> values = Collections.list(request.getHeaders(name));
            if (!values.isEmpty()) {
                Object value = values.size() == 1 ? values.get(0) : values;
                message.setHeader(name, value);
                received.add(value);
                received.addAll(values);
            }
        }
        request.setAttribute(RECEIVED, received);
        Object trace = request.getAttribute(TraceFilter.TRACEPARENT);
        if (trace != null) {
            message.setHeader(TraceFilter.TRACEPARENT, trace);
        }
    }

    /**
     * Copies the response headers. A value that came with the request stays here, however the route handed it on: a
     * header of the request that no step has replaced, and a text that holds a credential.
     *
     * @param outcome {@code null} if only the end of the body can tell it
     */
    static void write(Message message, Outcome outcome, HttpServletRequest request, HttpServletResponse response) {
        if (outcome != null) {
            write(Headers.RESULT_CODE, outcome.resultCode(), outcome.resultCode(), request, response);
            write(Headers.RESULT_DESC, outcome.resultDesc(), outcome.resultDesc(), request, response);
        }
        for (String name : OF_ROUTE) {
            Object made = message.getHeader(name);
            String value = made == null ? null : message.getHeader(name, String.class);
            write(name, made, value, request, response);
        }
    }

    private static void write(
            String name, Object made, String value, HttpServletRequest request, HttpServletResponse response) {
        // The service makes a session token of its own, or none.
        int shortest = name.equals(Headers.SESSION_TOKEN) ? 1 : SHORTEST_CREDENTIAL;
        if (value != null && !isReceived(made, value, shortest, request)) {
            response.setHeader(name, visible(name.equals(Headers.RESULT_DESC) ? cut(value) : value));
        }
    }

    private static boolean isReceived(Object made, String value, int shortest, HttpServletRequest request) {
        return request.getAttribute(RECEIVED) instanceof List<?> received && received.stream().anyMatch(
                one -> one == made || one instanceof String text && holds(value, text, shortest));
    }

    private static boolean holds(String value, String credential, int shortest) {
        String token = credential.substring(credential.lastIndexOf(' ') + 1);
        return token.length() >= shortest && value.contains(token);
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
