package org.ccmessaging.filestream.reliability;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.ccmessaging.filestream.support.Outcomes;

/**
 * The bytes that came back on a connection, taken apart as strictly as HTTP/1.1 allows. What is not a response of the
 * contract is a fault.
 */
final class RawResponses {

    /** Statuses that a client can cause (contract section 4). */
    private static final Set<Integer> STATUSES = Set.of(200, 400, 401, 404, 405, 429, 503);

    private static final Set<String> HEADERS = Set.of("content-type", "content-length", "transfer-encoding",
            "connection",
            "date", "keep-alive", "resultcode", "resultdesc", "ccmessaging-token", "allow", "retry-after",
            "traceparent",
            "x-request-id");

    private static final List<String> NEVER = List.of("Exception", "org.", "java.", "\tat ", "<html", "<!doctype",
            "Tomcat",
            "Camel", "Bearer", "secret");

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    /** A response that came whole. */
    record Response(int status, byte[] body) {
    }

    private final byte[] bytes;
    private final List<String> faults = new ArrayList<>();
    private final List<Response> complete = new ArrayList<>();
    private int at;
    private boolean cut;

    private RawResponses(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes the bytes apart. */
    static RawResponses of(byte[] bytes) {
        RawResponses responses = new RawResponses(bytes);
        while (responses.at < bytes.length && responses.faults.isEmpty() && !responses.cut) {
            responses.next();
        }
        return responses;
    }

    /** What is not as the contract says; empty if all is. */
    List<String> faults() {
        return faults;
    }

    /** The complete responses. */
    List<Response> complete() {
        return complete;
    }

    /** Whether the connection ended within a response. */
    boolean cut() {
        return cut;
    }

    private void next() {
        String start = new String(bytes, at, Math.min(9, bytes.length - at), StandardCharsets.ISO_8859_1);
        if (!"HTTP/1.1 ".startsWith(start)) {
            faults.add("no status line: " + start);
            return;
        }
        String head = upTo("\r\n\r\n");
        if (head == null) {
            cut = true;
            return;
        }
        String[] lines = head.split("\r\n");
        if (!lines[0].matches("HTTP/1\\.1 \\d{3} ?[A-Za-z ]*")) {
            faults.add("status line " + lines[0]);
            return;
        }
        int status = Integer.parseInt(lines[0].substring(9, 12));
        if (status == 100) {
            return;
        }
        Map<String, String> headers = headers(lines);
        byte[] body = body(headers);
        if (body == null) {
            cut = true;
            return;
        }
        complete.add(new Response(status, body));
        check(status, headers, new String(body, StandardCharsets.UTF_8));
    }

    private Map<String, String> headers(String[] lines) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            String[] nameAndValue = lines[i].split(": ?", 2);
            String name = nameAndValue[0].toLowerCase(Locale.ROOT);
            if (!HEADERS.contains(name) || nameAndValue.length < 2) {
                faults.add("header " + lines[i]);
            } else if (headers.put(name, nameAndValue[1]) != null) {
                faults.add("header twice: " + lines[i]);
            }
        }
        return headers;
    }

    private byte[] body(Map<String, String> headers) {
        if (!headers.containsKey("transfer-encoding")) {
            int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
            return take(length);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = upTo("\r\n");
            byte[] chunk = size == null ? null : take(Integer.parseInt(size, 16));
            if (chunk == null || upTo("\r\n") == null) {
                return null;
            }
            if (chunk.length == 0) {
                return body.toByteArray();
            }
            body.writeBytes(chunk);
        }
    }

    private void check(int status, Map<String, String> headers, String body) {
        if (!STATUSES.contains(status)) {
            faults.add("status " + status);
        }
        if ("application/yaml".equals(headers.get("content-type"))) {
            return;
        }
        try {
            JsonNode json = JSON.readTree(body);
            Set<String> members = new TreeSet<>();
            json.fieldNames().forEachRemaining(members::add);
            boolean known = status == 200
                    ? json.path("resultCode").isTextual() || json.path("AccessToken").isTextual()
                    : members.equals(Set.of("errorCode", "exceptionInfo"))
                            && json.get("errorCode").asText().equals(Integer.toString(status));
            if (!known) {
                faults.add("members " + members + " with status " + status);
            }
        } catch (IOException notJson) {
            faults.add("not JSON: " + body);
        }
        if (!"application/json".equals(headers.get("content-type"))) {
            faults.add("content type " + headers.get("content-type"));
        }
        if (status != 200 || headers.containsKey("resultdesc")) {
            // A text of the contract, and the name of a member in one of ours.
            String all = (headers + body).replace(Outcomes.textOf(Outcomes.READ_BROKEN), "").replace("app_secret", "");
            NEVER.stream().filter(all::contains).forEach(word -> faults.add("holds '" + word + "': " + all));
        }
    }

    private String upTo(String end) {
        byte[] wanted = end.getBytes(StandardCharsets.ISO_8859_1);
        for (int found = at; found <= bytes.length - wanted.length; found++) {
            if (Arrays.equals(bytes, found, found + wanted.length, wanted, 0, wanted.length)) {
                String text = new String(bytes, at, found - at, StandardCharsets.ISO_8859_1);
                at = found + wanted.length;
                return text;
            }
        }
        return null;
    }

    private byte[] take(int count) {
        if (bytes.length - at < count) {
            return null;
        }
        at += count;
        return Arrays.copyOfRange(bytes, at - count, at);
    }
}
