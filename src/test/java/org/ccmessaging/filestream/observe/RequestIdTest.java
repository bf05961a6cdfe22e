package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentialsAnd;
import static org.ccmessaging.filestream.support.Api.request;

import ch.qos.logback.classic.Level;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.context.annotation.Bean;

/** The ID of a request in the lines of the log and in the requests to the store. */
@Tag("service")
@Isolated("looks at all lines of the log")
@ExpectedErrors.Of(logger = "org.apache.catalina", texts = "as the test wants it")
@ExpectedErrors.Of(logger = "filestream", texts = "Tomcat responded with 500")
class RequestIdTest {

    private static final int SIZE = 600_000;
    private static final String BROKEN = "broken\u2028\u202e.bin";

    @AutoClose
    private static FaultyServer store;
    @AutoClose
    private static Stage stage;

    @AutoClose
    private LoggedLines lines;
    private final List<Turn> turns = new CopyOnWriteArrayList<>();

    /** Fails outside the routes. */
    static class Failing {

        @Bean
        Filter failing() {
            return (request, response, chain) -> {
                if (((HttpServletRequest) request).getHeader("x-fail") != null) {
                    throw new IllegalStateException("as the test wants it");
                }
                chain.doFilter(request, response);
            };
        }
    }

    @BeforeAll
    static void start() throws Exception {
        store = new FaultyServer();
        stage = Stage.impatient(Map.of("filestream.s3.endpoint", store.endpoint().toString()), Failing.class);
    }

    @BeforeEach
    void listen() {
        lines = LoggedLines.ofAll();
        store.put("hello.txt", Stage.content(100), turn -> {
            turns.add(turn);
            turn.right();
        });
        store.put(BROKEN, Stage.content(SIZE), turn -> {
            turns.add(turn);
            if (turns.size() == 1) {
                turn.error(503, "SlowDown");
                return;
            }
            turn.rightHead();
            // In the middle of the object, then of the rest, then of the rest of that.
            turn.upTo(turns.size() > 4 ? turn.length() : (turn.from() + turn.length()) / 2);
            turn.close();
        });
    }

    private static Answer download(String name, String... headers) {
        return stage.api().download(request("standard", name), credentialsAnd(headers));
    }

    private void awaitLinesOfDownloads(int count) {
        await().until(() -> lines.list().stream()
                .filter(line -> line.getLoggerName().equals("download")).count() == count);
    }

    @Test
    void linesAboutAFailureOutsideTheRoutesHaveItAndSoHasTheResponse() {
        Answer answer = download("hello.txt", "X-Request-Id", "log-3", "x-fail", "yes");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.header("X-Request-Id")).isEqualTo("log-3");
        assertThat(lines.list()).filteredOn(line -> line.getLevel() == Level.ERROR).hasSize(2)
                .allSatisfy(line -> assertThat(line.getMDCPropertyMap()).containsEntry("requestId", "log-3"));
    }

    @Test
    void idOfADownloadDoesNotStayWithItsThreadAndMadeOnesDiffer() {
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            download("hello.txt", "X-Request-Id", "log-4");
            made.add(download("hello.txt").header("X-Request-Id"));
        }
        assertThat(made).hasSize(20).allMatch(id -> id.matches("[0-9a-f]{32}"));

        awaitLinesOfDownloads(40);
        assertThat(lines.list()).filteredOn(line -> "log-4".equals(line.getMDCPropertyMap().get("requestId")))
                .filteredOn(line -> line.getLoggerName().equals("download")).hasSize(20);
    }

    @Test
    void everyRequestToTheStoreCarriesItOutsideTheSignatureAndEachLineAboutItHasItToo() {
        assertThat(download(BROKEN, "X-Request-Id", "store-1").file()).isEqualTo(Stage.content(SIZE));

        awaitLinesOfDownloads(1);
        assertThat(lines.list()).filteredOn(line -> line.getMessage().equals("read resumed")).hasSize(3)
                .allSatisfy(line -> {
                    assertThat(line.getMDCPropertyMap()).containsEntry("requestId", "store-1");
                    assertThat(line.getKeyValuePairs().toString()).startsWith("[branch=\"standard\"")
                            .contains("demo/broken\\u2028\\u202e.bin", "offset=", "length=\"600000\"", "reason=");
                });

        assertThat(turns).hasSize(5).allSatisfy(turn -> {
            assertThat(turn.headers("X-Request-Id")).containsExactly("store-1");
            assertThat(turn.headers("Authorization")).singleElement().asString().contains("SignedHeaders=")
                    .doesNotContainIgnoringCase("request-id");
        });
        assertThat(turns.stream().filter(Turn::isForRest)).hasSize(3);
    }
}
