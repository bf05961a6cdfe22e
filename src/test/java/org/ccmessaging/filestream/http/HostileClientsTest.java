package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.DOWNLOAD;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Escaped;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.Outcomes;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.springframework.core.io.ClassPathResource;

/**
 * Requests that no client should send, byte by byte. Each gets a response of contract section 4.2, and none of them
 * leaves a warning or a stack trace in the log.
 */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Isolated("looks at all lines of the log")
class HostileClientsTest {

    private static final String TABLE = "/refusals/hostile-requests.csv";

    /** Longer than any limit of the service. */
    private static final int LONGEST_SILENCE_MILLIS = 60_000;

    private static final String BODY = request("standard", "hello.txt");

    @AutoClose
    private Stage stage;
    @AutoClose
    private LoggedLines lines;

    @BeforeAll
    void start() throws Exception {
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of());
        stage.put("standard", "hello.txt", Stage.content(100));
        lines = LoggedLines.ofAll();
    }

    /** Makes the bytes (ISO 8859-1) of a row. */
    private static String bytes(String form, String escaped) {
        String length = "Content-Length: " + BODY.length() + "\r\n";
        String text = Escaped.text(escaped);
        String[] lineAndMore = text.split("\r\n", 2);
        return switch (form) {
            case "raw" -> text;
            case "plain" -> lineAndMore[0] + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                    + (lineAndMore.length == 1 ? "" : lineAndMore[1] + "\r\n") + "\r\n";
            case "target" -> download(text, "HTTP/1.1", "Content-Length: 2\r\n", "{}");
            case "version" -> download(DOWNLOAD, text, length, BODY);
            case "header" -> download(DOWNLOAD, "HTTP/1.1", text + "\r\n" + length, BODY);
            case "body" -> download(DOWNLOAD, "HTTP/1.1", "Content-Length: " + text.length() + "\r\n", text);
            case "chunks" -> download(DOWNLOAD, "HTTP/1.1", "Transfer-Encoding: chunked\r\n",
                    text.replace("SIZE", Integer.toHexString(BODY.length())).replace("BODY", BODY));
            default -> throw new IllegalArgumentException(form);
        };
    }

    private static String download(String target, String version, String headers, String body) {
        return "POST " + target + " " + version + "\r\nHost: x\r\nConnection: close\r\n" + Api.lines(credentials())
                + headers + "\r\n" + body;
    }

    @ParameterizedTest(name = "{0}: {3}")
    @CsvFileSource(resources = TABLE, delimiter = '|', quoteCharacter = '`')
    void requestGetsAResponseOfTheContractAndLeavesNoTrace(String name, String form, String text, int status) {
        int before = lines.list().size();
        String response = stage.api().raw(bytes(form, text));

        assertThat(response).startsWith("HTTP/1.1 " + status + " ").doesNotContainIgnoringCase("tomcat", "<html");
        if (status != 200) {
            assertThat(response).contains("\r\n\r\n{\"errorCode\":\"" + status + "\",\"exceptionInfo\":\"")
                    .endsWith("\"}");
        }
        assertQuiet(before);
    }

    private void assertQuiet(int before) {
        List<ILoggingEvent> written = lines.list();
        assertThat(written.subList(before, written.size())).as("lines of the log").allSatisfy(line -> {
            assertThat(line.getLevel().isGreaterOrEqual(Level.WARN)).as(line.getFormattedMessage()).isFalse();
            assertThat(line.getThrowableProxy()).as(line.getFormattedMessage()).isNull();
            assertThat(line.getFormattedMessage()).doesNotContain("\n");
        });
    }

    /**
     * Damages, cuts and joins the requests of the table at random. System property {@code hostile.requests} has the
     * number of requests, and {@code hostile.seed} selects them.
     */
    @Test
    @Tag("full")
    void anyBytesGetResponsesOfTheContractOrAClosedConnectionAndLeaveNoTrace() throws Exception {
        List<String> table = new ClassPathResource(TABLE).getContentAsString(StandardCharsets.UTF_8).lines()
                .filter(line -> !line.startsWith("#")).map(line -> line.split(" *\\| *"))
                .map(row -> bytes(row[1], row[2])).toList();
        Random random = new Random(Long.getLong("hostile.seed", 1));
        int before = lines.list().size();
        Set<Integer> statuses = new TreeSet<>();
        for (int i = 0; i < Integer.getInteger("hostile.requests", 3_000); i++) {
            String request = hostile(table, random);
            RawResponses responses = RawResponses.of(send(request, random));
            assertThat(responses.faults()).as("request %d: %s", i,
                    request.substring(0, Math.min(1_500, request.length()))).isEmpty();
            statuses.addAll(responses.statuses());
        }
        assertThat(statuses).contains(200, 400, 401, 404, 405);
        assertQuiet(before);
        stage.awaitInFlight(0);
        assertThat(stage.api().download(BODY).file()).isEqualTo(Stage.content(100));
    }

    private static String hostile(List<String> table, Random random) {
        String request = random.nextInt(3) == 0 ? download(DOWNLOAD, "HTTP/1.1", "Content-Length: " + BODY.length()
                + "\r\n", BODY) : table.get(random.nextInt(table.size()));
        return switch (random.nextInt(5)) {
            case 0 -> request.replace("Connection: close\r\n", "") + hostile(table, random);
            case 1 -> request.substring(0, Math.max(0, request.indexOf("\r\n", random.nextInt(request.length()))))
                    + damaged(hostile(table, random), random);
            case 2 -> damaged(damaged(request, random), random);
            default -> damaged(request, random);
        };
    }

    /** Replaces, drops or repeats a few bytes, or adds the end of a line. */
    private static String damaged(String request, Random random) {
        int from = random.nextInt(request.length() + 1);
        int to = Math.min(request.length(), from + random.nextInt(20));
        String part = switch (random.nextInt(4)) {
            case 0 -> Character.toString(random.nextInt(256));
            case 1 -> "";
            case 2 -> request.substring(from, to).repeat(2);
            default -> "\r\n";
        };
        return request.substring(0, from) + part + request.substring(to);
    }

    /** Sends a request in two parts, and returns everything that arrives until the service ends the connection. */
    private byte[] send(String request, Random random) throws IOException {
        byte[] bytes = request.getBytes(StandardCharsets.ISO_8859_1);
        int first = random.nextInt(bytes.length + 1);
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try (Socket socket = new Socket(stage.api().base().getHost(), stage.api().base().getPort())) {
            socket.setSoTimeout(LONGEST_SILENCE_MILLIS);
            socket.setTcpNoDelay(true);
            try {
                socket.getOutputStream().write(bytes, 0, first);
                socket.getOutputStream().write(bytes, first, bytes.length - first);
                socket.shutdownOutput();
                socket.getInputStream().transferTo(received);
            } catch (SocketException closed) {
                // The service closed the connection before it had read everything.
            }
        }
        return received.toByteArray();
    }

    /**
     * The bytes that a connection carried back, parsed as strictly as HTTP/1.1 allows. Anything that is not a response
     * of the contract is a fault. The connection may end within a response.
     *
     * @param statuses of the complete responses
     */
    private record RawResponses(List<Integer> statuses, List<String> faults) {

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
}
