package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.DOWNLOAD;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that no client should send, byte by byte. Each gets a response of contract section 4.2, and none of them
 * leaves a warning or a stack trace in the log.
 */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Isolated("looks at all lines of the log")
class HostileClientsTest {

    private static final String HOST = "Host: x\r\n";
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

    /** A download with all credentials; it closes the connection. */
    private static String download(String method, String target, String version, String headers, String body) {
        String[] credentials = credentials();
        return method + " " + target + " " + version + "\r\n" + HOST + "Connection: close\r\n" + credentials[0] + ": "
                + credentials[1] + "\r\n" + credentials[2] + ": " + credentials[3] + "\r\n" + credentials[4] + ": "
                + credentials[5] + "\r\n" + headers + "\r\n" + body;
    }

    private static String withHeaders(String headers) {
        return download("POST", DOWNLOAD, "HTTP/1.1", headers + "Content-Length: " + BODY.length() + "\r\n", BODY);
    }

    private static String withBody(String body) {
        return download("POST", DOWNLOAD, "HTTP/1.1", "Content-Length: " + body.length() + "\r\n", body);
    }

    private static String inChunks(String body) {
        return download("POST", DOWNLOAD, "HTTP/1.1", "Transfer-Encoding: chunked\r\n", body);
    }

    private static String versioned(String version) {
        return download("POST", DOWNLOAD, version, "Content-Length: " + BODY.length() + "\r\n", BODY);
    }

    private static String plain(String method, String target, String headers) {
        return method + " " + target + " HTTP/1.1\r\n" + HOST + "Connection: close\r\n" + headers + "\r\n";
    }

    private static String twice(String member) {
        return "{\"" + member + "\":1,\"" + member + "\":1}";
    }

    private static String chunk(String extension) {
        return Integer.toHexString(BODY.length()) + extension + "\r\n" + BODY + "\r\n";
    }

    /** A name, the bytes (ISO 8859-1), the status. */
    static Stream<Arguments> onceOutsideTheContract() {
        return Stream.of(
                arguments("unknown version", versioned("HTTP/9.9"), 400),
                arguments("HTTP/3", versioned("HTTP/3.0"), 400),
                arguments("HTTP/2", versioned("HTTP/2.0"), 400),
                arguments("version in lower case", versioned("http/1.1"), 400),
                arguments("HTTP/0.9", "GET /\r\n", 400),
                arguments("HTTP/0.9, another method", "POST /\r\n", 400),
                arguments("HTTP/0.9 with a line end of Unix", "GET /\n", 400),
                arguments("malformed after HTTP/0.9", "\0\r\n\r\n", 400),
                arguments("another protocol", "EHLO x\r\n", 400),
                arguments("another protocol", "*1\r\n$4\r\nPING\r\n", 400),
                arguments("no target", "GET  HTTP/1.1\r\n" + HOST + "\r\n", 400),
                arguments("unknown transfer coding", withHeaders("Transfer-Encoding: gzip\r\n"), 400),
                arguments("two transfer codings", withHeaders("Transfer-Encoding: gzip, chunked\r\n"), 400),
                arguments("transfer coding identity", withHeaders("Transfer-Encoding: identity\r\n"), 400),
                arguments("CONNECT", plain("CONNECT", "example.com:443", ""), 400),
                arguments("CONNECT to a path", plain("CONNECT", DOWNLOAD, ""), 400),
                arguments("TRACE *", plain("TRACE", "*", ""), 405),
                arguments("OPTIONS *", plain("OPTIONS", "*", ""), 404),
                arguments("OPTIONS on an unknown path", plain("OPTIONS", "/nowhere", ""), 404),
                arguments("preflight", plain("OPTIONS", DOWNLOAD, "Origin: https://a.example\r\n"
                        + "Access-Control-Request-Method: POST\r\n"), 405),
                arguments("preflight of nobody", plain("OPTIONS", "/nowhere", "Origin: :\r\n"
                        + "Access-Control-Request-Method: P OST\r\n"), 404),
                arguments("member of 9 KB twice", withBody(twice("x".repeat(9_000))), 400),
                arguments("member of 30 KB twice", withBody(twice("x".repeat(30_000))), 400),
                arguments("wrong Accept", plain("GET", "/nowhere", "Accept: ///\r\n"), 404));
    }

    static Stream<Arguments> alwaysByTheContract() {
        return Stream.of(
                arguments("unknown expectation", withHeaders("Expect: 200-ok\r\n"), 400),
                arguments("upgrade to HTTP/2", withHeaders("Upgrade: h2c\r\nHTTP2-Settings: AAMA\r\n"), 200),
                arguments("absolute target", download("POST", "http://x" + DOWNLOAD, "HTTP/1.1",
                        "Content-Length: 2\r\n", "{}"), 400),
                arguments("absolute target of another host", plain("GET", "http://other/", ""), 400),
                arguments("target of another scheme", plain("GET", "ftp://x/", ""), 400),
                arguments("target without a slash", plain("GET", "nowhere", ""), 400),
                arguments("wrong host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
                arguments("host with a wrong port", "GET / HTTP/1.1\r\nHost: x:8a\r\n\r\n", 400),
                arguments("half an IPv6 host", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400),
                arguments("two lengths", withHeaders("Content-Length: 1\r\n"), 400),
                arguments("negative length", plain("POST", DOWNLOAD, "Content-Length: -1\r\n"), 400),
                arguments("huge length", plain("POST", DOWNLOAD, "Content-Length: 99999999999999999999\r\n"), 400),
                arguments("folded header", withHeaders("x: a\r\n b\r\n"), 200),
                arguments("NUL in a header", withHeaders("x: a\0b\r\n"), 400),
                arguments("NUL in the target", "GET /\0 HTTP/1.1\r\n" + HOST + "\r\n", 400),
                arguments("NUL in the body", withBody("\0\0"), 400),
                arguments("no colon", withHeaders("junk\r\n"), 400),
                arguments("space before the colon", withHeaders("x : y\r\n"), 400),
                arguments("chunk extension", inChunks(chunk(";a=b") + "0\r\n\r\n"), 200),
                arguments("long chunk extension", inChunks(chunk(";" + "a".repeat(20_000)) + "0\r\n\r\n"), 400),
                arguments("negative chunk", inChunks("-1\r\nx\r\n0\r\n\r\n"), 400),
                arguments("huge chunk", inChunks("ffffffffffffffff\r\nx"), 400),
                arguments("chunk without its end", inChunks("10\r\nabc"), 400),
                arguments("trailer", inChunks(chunk("") + "0\r\nx: y\r\n\r\n"), 200),
                arguments("long trailer", inChunks(chunk("") + "0\r\nx: " + "y".repeat(20_000) + "\r\n\r\n"), 400),
                arguments("1 MB of headers", withHeaders(IntStream.range(0, 1_000)
                        .mapToObj(i -> "x-" + i + ": " + "y".repeat(1_000) + "\r\n")
                        .collect(Collectors.joining())), 400),
                arguments("method of 10 KB", plain("A".repeat(10_000), "/", ""), 404),
                arguments("path of 100 KB", plain("GET", "/" + "a".repeat(100_000), ""), 400),
                arguments("wrong escape", plain("GET", "/%zz", ""), 400),
                arguments("TLS", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003" + "x".repeat(500), 400),
                arguments("many cookies", withHeaders("Cookie: " + "a=b;".repeat(1_000) + "\r\n"), 400),
                arguments("wrong trace", withHeaders("traceparent: 00-zz\r\ntracestate: ,,=\r\nbaggage: %%\r\n"), 200),
                arguments("wrong content type", withHeaders("Content-Type: multipart/form-data\r\n"), 200),
                arguments("brackets", withBody("[".repeat(60_000)), 400),
                arguments("digits", withBody("{\"channel\":" + "9".repeat(60_000) + "}"), 400),
                arguments("body above the limit that goes on", withBody("x".repeat(500_000)), 400),
                arguments("body of a refused request that goes on", plain("POST", DOWNLOAD,
                        "Content-Length: 500000\r\n") + "x".repeat(500_000), 401));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource({"onceOutsideTheContract", "alwaysByTheContract"})
    void requestGetsAResponseOfTheContractAndLeavesNoTrace(String name, String bytes, int status) {
        int before = lines.list().size();
        String response = stage.api().raw(bytes);

        assertThat(response).startsWith("HTTP/1.1 " + status + " ").doesNotContainIgnoringCase("tomcat", "<html");
        if (status != 200) {
            assertThat(response).contains("\r\n\r\n{\"errorCode\":\"" + status + "\",\"exceptionInfo\":\"")
                    .endsWith("\"}");
        }
        List<ILoggingEvent> written = lines.list();
        assertThat(written.subList(before, written.size())).as("lines of the log").allSatisfy(line -> {
            assertThat(line.getLevel().isGreaterOrEqual(Level.WARN)).as(line.getFormattedMessage()).isFalse();
            assertThat(line.getThrowableProxy()).as(line.getFormattedMessage()).isNull();
        });
    }
}
