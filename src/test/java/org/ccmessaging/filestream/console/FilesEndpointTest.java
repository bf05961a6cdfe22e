package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.RouteController;
import org.ccmessaging.filestream.console.FilesEndpoint.Row;
import org.ccmessaging.filestream.console.FilesEndpoint.Word;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads the state that the service gives to the console's page <i>Files</i>. A test samples the traffic itself. */
@Isolated("counts downloads that other tests would make")
class FilesEndpointTest extends ConsoleOfAService {

    @Override
    Stage open() throws Exception {
        return Stage.breakable(ConsoleSession.SETTINGS);
    }

    private JsonNode view() {
        return operator.json(operator.get("/actuator/files"));
    }

    private JsonNode row(String what) {
        return StreamSupport.stream(view().get("rows").spliterator(), false)
                .filter(row -> row.get("what").asText().equals(what)).findFirst().orElseThrow();
    }

    private String word(String what) {
        return row(what).get("word").asText();
    }

    private Traffic traffic() {
        return stage.service().bean(Traffic.class);
    }

    @Test
    void serviceWithoutTroubleIsFine() {
        await().untilAsserted(() -> assertThat(view().get("rows")).extracting(row -> row.get("what").asText())
                .containsExactlyInAnyOrder("Downloads", "In flight", "Storage of local",
                        "Storage of multimedia-library", "Storage of standard",
                        "Issuers of tokens", "Routes", "Memory", "Edge"));
        await().untilAsserted(() -> assertThat(word("Storage of standard")).isEqualTo("FINE"));
        assertThat(word("Memory")).isEqualTo("FINE");
        assertThat(row("In flight").get("text").asText()).matches("0 of \\d+ permits");
        assertThat(row("Routes").get("text").asText()).startsWith("since ").endsWith(", by start");
    }

    private static Downloads downloads(int served, int failed, int throttled, int ofSessions, int strangers) {
        return Downloads.in(Map.of("ending=SERVED", (long) served, "ending=FAILED", (long) failed,
                "ending=REFUSED", 1_000L,
                "filestream.downloads.refused reason=throttle", (long) throttled,
                "filestream.downloads.refused reason=session-limit", (long) ofSessions, "ending=STRANGER",
                (long) strangers));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            nobody downloads,                                   0,  0,   0,    0,    0, FINE
            strangers hide no failed download,                  0, 40,   0,    0, 1000, BROKEN
            less than one in twenty fails,                    100,  5,   0,    0,    0, LOOK
            one in twenty fails,                               95,  5,   0,    0,    0, BROKEN
            a step refuses nearly everybody,                  165,  0, 248,    0,    0, BROKEN
            a step refuses one,                               100,  0,   1,    0,    0, LOOK
            one session at its limit breaks nothing,          100,  0,   0, 9000,    0, LOOK
            and hides no failure,                             100, 40,   0, 9000,    0, BROKEN""")
    void shareOfTheDownloadsThatFailOrAreRefusedIsTheWord(String name, int served, int failed, int throttled,
            int ofSessions, int strangers, Word word) {
        Downloads minute = downloads(served, failed, throttled, ofSessions, strangers);

        assertThat(FilesEndpoint.downloads(minute, minute).word()).isEqualTo(word);
        assertThat(FilesEndpoint.downloads(Downloads.in(Map.of()), minute).word())
                .as("no download since").isEqualTo(word);
    }

    @Test
    void downloadsAreNoLongerBrokenAMinuteAfterTheLastFailure() {
        Row row = FilesEndpoint.downloads(downloads(10, 0, 0, 0, 0), downloads(100, 40, 3, 2, 0));

        assertThat(row.word()).isEqualTo(Word.LOOK);
        assertThat(row.text()).isEqualTo("last minute 10 of 10 served; 15 minutes 100 of 145 served, 40 failed, 5"
                + " refused (session-limit 2, throttle 3)");
    }

    /** Nothing that comes later in the list is worse. */
    @Test
    void worstRowIsTheFirstAndNamesTheStoppedRoute() throws Exception {
        RouteController routes = stage.service().bean(CamelContext.class).getRouteController();
        routes.stopRoute("storage-standard");
        try {
            JsonNode first = view().get("rows").get(0);
            assertThat(first.get("what").asText()).isEqualTo("Routes");
            assertThat(first.get("text").asText()).endsWith("; stopped: storage-standard");
        } finally {
            routes.startRoute("storage-standard");
        }
        assertThat(view().get("rows")).extracting(row -> Word.valueOf(row.get("word").asText()))
                .isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void everyRowHasASectionOfTheDocumentationThatHelps() {
        view().get("rows").forEach(row -> {
            String[] page = row.get("page").asText().split("#");
            assertThat(Path.of(page[0])).content().containsPattern("(?im)^#+ " + page[1].replace("-", "[ -]") + "$");
        });
    }

    @Test
    void trafficHasTheDownloadsOfEachCodeAndTheirTimes() {
        stage.put("standard", "hello.txt", Stage.content(100));
        traffic().sample();
        long known = last(view()).get("at").asLong();
        JsonNode before = last(view());
        assertThat(stage.api().download(request("standard", "hello.txt")).file()).isEqualTo(Stage.content(100));
        String series = "filestream.downloads branch=standard cause=none resultCode=0";
        await().untilAsserted(() -> {
            traffic().sample();
            assertThat(last(view()).at("/counters").path(series).asLong())
                    .isEqualTo(before.at("/counters").path(series).asLong() + 1);
        });

        assertThat(last(view()).get("durations").get("300000").asLong())
                .isGreaterThan(before.get("durations").path("300000").asLong());
        JsonNode newer = operator.json(operator.get("/actuator/files?since=" + known)).get("traffic");
        assertThat(newer).isNotEmpty().allSatisfy(sample -> assertThat(sample.get("at").asLong())
                .isGreaterThan(known));
    }

    private static JsonNode last(JsonNode view) {
        return view.get("traffic").get(view.get("traffic").size() - 1);
    }

    @Test
    void readThatBreaksIsToldAndStrangersAreNot() {
        stage.api().download("{}", credentials("invented", "invented"));
        await().untilAsserted(() -> assertThat(row("Edge").get("text").asText())
                .contains(" downloads without valid credentials").doesNotContain(", 0 downloads"));
        assertThat(word("Edge")).isEqualTo("FINE");
        stage.put("standard", "large.bin", Stage.content(2_000_000));
        stage.link().breakForGood(1_000_000, FaultyServer.Fault.CLOSE);
        stage.api().download(request("standard", "large.bin"));
        stage.link().heal();

        await().untilAsserted(() -> assertThat(word("Downloads")).isIn("LOOK", "BROKEN"));
    }

    @Test
    void stateOfTheRoutesIsThatOfTheirEndpoint() {
        assertThat(view().get("routes")).isEqualTo(operator.json(operator.get("/actuator/routes")));
    }
}
