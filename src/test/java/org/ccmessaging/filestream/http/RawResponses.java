package org.ccmessaging.filestream.http;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.support.Outcomes;

/**
 * The bytes that a connection carried back, parsed as strictly as HTTP/1.1 allows. Anything that is not a response of
 * the contract is a fault. The connection may end within a response.
 *
 * @param statuses of the complete responses
 */
record RawResponses(List<Integer> statuses, List<String> faults) {

    /** Statuses that a client can cause (contract section 4). */
    private static final Set<Integer> STATUSES = Set.of(200, 400, 401, 404, 405, 429, 503);

    private static final Set<String> HEADERS = Set.of("content-type", "content-length", "connection", "date",
            "keep-alive", "resultcode", "resultdesc", "ccmessaging-token", "allow", "retry-after", "x-request-id");

    private static final List<String> NEVER = List.of("Exception", "org.", "java.", "\tat ", "<html", "<!doctype",
            "Tomcat", "Camel", "Bearer", "secret");

    private static final Pattern HEAD =
            Pattern.compile("HTTP/1\\.1 (\\d{3}) ?[A-Za-z ]*\r\n((?:[A-Za-z-]+: ?[^\r\n]*\r\n)*)\r\n");

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    static RawResponses of(byte[] bytes) {
        RawResponses responses = new RawResponses(new ArrayList<>(), new ArrayList<>());
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Matcher head = HEAD.matcher(text);
        int at = 0;
        while (at < text.length() && responses.faults.isEmpty()) {
            if (!head.region(at, text.length()).lookingAt()) {
                if (!head.hitEnd()) {
                    responses.faults.add("no response: " + text.substring(at, Math.min(at + 100, text.length())));
                }
                return responses;
            }
            at = head.end();
            int status = Integer.parseInt(head.group(1));
            if (status != 100) {
                Map<String, String> headers = responses.headers(head.group(2));
                int end = at + Integer.parseInt(headers.getOrDefault("content-length", "0"));
                if (end > text.length()) {
                    return responses;
                }
                responses.statuses.add(status);
                responses.check(status, headers,
                        new String(bytes, at, end - at, StandardCharsets.UTF_8));
                at = end;
            }
        }
        return responses;
    }

    private Map<String, String> headers(String lines) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        lines.lines().map(line -> line.split(": ?", 2)).forEach(pair -> {
            if (!HEADERS.contains(pair[0].toLowerCase()) || headers.put(pair[0], pair[1]) != null) {
                faults.add("header " + pair[0] + ": " + pair[1]);
            }
        });
        return headers;
    }

    private void check(int status, Map<String, String> headers, String body) {
        if (!STATUSES.contains(status)) {
            faults.add("status " + status);
        }
        try {
            JsonNode json = JSON.readTree(body);
            boolean documented = status == 200 ? json.path("resultCode").isTextual()
                    : json.size() == 2 && json.path("exceptionInfo").isTextual()
                            && json.path("errorCode").asText().equals(Integer.toString(status));
            if (!documented || !"application/json".equals(headers.get("content-type"))) {
                faults.add("status " + status + " with " + headers + " " + body);
            }
        } catch (IOException notJson) {
            faults.add("not JSON: " + body);
        }
        // The contract has a text with one of the words.
        String all = (headers + body).replace(Outcomes.textOf(Outcomes.READ_BROKEN), "");
        NEVER.stream().filter(all::contains).forEach(word -> faults.add("holds '" + word + "': " + all));
    }
}
