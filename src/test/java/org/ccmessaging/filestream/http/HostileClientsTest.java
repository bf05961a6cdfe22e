package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.DOWNLOAD;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Escaped;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * Requests that no client should send, byte by byte. Each gets a response of contract section 4.2, and none of them
 * leaves a warning or a stack trace in the log.
 */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Isolated("looks at all lines of the log")
class HostileClientsTest {

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
    @CsvFileSource(resources = "/refusals/hostile-requests.csv", delimiter = '|', quoteCharacter = '`')
    void requestGetsAResponseOfTheContractAndLeavesNoTrace(String name, String form, String text, int status) {
        int before = lines.list().size();
        String response = stage.api().raw(bytes(form, text));

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
