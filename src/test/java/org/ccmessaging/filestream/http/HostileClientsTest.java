package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.ccmessaging.filestream.support.Api.DOWNLOAD;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.DescribedAnswers;
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
    private static final String BODY = request("standard", "hello.txt");
    private static final Pattern HEAD =
            Pattern.compile("HTTP/1\\.1 (\\d{3}) ?[A-Za-z ]*\r\n((?:[A-Za-z-]+: ?[^\r\n]*\r\n)*)\r\n");

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
        assertQuiet(before);
    }

    private void assertQuiet(int before) {
        List<ILoggingEvent> written = lines.list();
        assertThat(written.subList(before, written.size())).as("lines of the log").noneMatch(line ->
                line.getLevel().isGreaterOrEqual(Level.WARN) || line.getThrowableProxy() != null
                        || line.getFormattedMessage().contains("\n"));
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
            byte[] received = send(request, random);
            assertThatCode(() -> statuses.addAll(statuses(received))).as("request %d: %.1500s", i, request)
                    .doesNotThrowAnyException();
        }
        assertThat(statuses).contains(200, 400, 401, 404, 405).isSubsetOf(200, 400, 401, 404, 405, 429, 503);
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
            // Longer than any limit of the service.
            socket.setSoTimeout(60_000);
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
     * Returns the statuses of the complete responses that a connection carried back, parsed as strictly as HTTP/1.1
     * allows, and expects that each is described. The connection may end within a response.
     */
    private static List<Integer> statuses(byte[] bytes) {
        List<Integer> statuses = new ArrayList<>();
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Matcher head = HEAD.matcher(text);
        int at = 0;
        while (head.region(at, text.length()).lookingAt()) {
            at = head.end();
            int status = Integer.parseInt(head.group(1));
            if (status != 100) {
                Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                head.group(2).lines().map(line -> line.split(": ?", 2)).forEach(pair ->
                        assertThat(headers.put(pair[0], List.of(pair[1]))).as("first %s of two", pair[0]).isNull());
                int end = at + Integer.parseInt(headers.getOrDefault("content-length", List.of("0")).get(0));
                if (end > text.length()) {
                    return statuses;
                }
                byte[] body = Arrays.copyOfRange(bytes, at, end);
                // Nobody knows which path and method a damaged request has.
                DescribedAnswers.ofTheService().check(status == 405 ? "PUT" : "POST",
                        status == 404 ? "/unknown" : DOWNLOAD, status, headers, body);
                // The contract has a text with one of the words.
                assertThat((headers + new String(body, StandardCharsets.UTF_8))
                        .replace(Outcomes.textOf(Outcomes.READ_BROKEN), "")).doesNotContain("Exception", "org.",
                                "java.", "\tat ", "<html", "<!doctype", "Tomcat", "Camel", "Bearer", "secret");
                statuses.add(status);
                at = end;
            }
        }
        assertThat(at == text.length() || head.hitEnd()).as("a response: %s", text.substring(at)).isTrue();
        return statuses;
    }
}
