package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.RouteController;
import org.ccmessaging.filestream.console.FilesEndpoint.FailedDownloads;
import org.ccmessaging.filestream.observe.Ending;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The health and the last failures, as the console's page <i>Files</i> and scripts read them. */
class FilesEndpointTest extends ConsoleOfAService {

    @Override
    Stage open() throws Exception {
        return Stage.breakable(ConsoleSession.SETTINGS);
    }

    private JsonNode view() {
        return operator.json(operator.get("/actuator/files"));
    }

    /** Sends a request that fails, and returns its entry in the list of this ending. */
    private JsonNode shown(Ending ending, String body, String... headers) {
        Answer answer = headers.length == 0 ? stage.api().download(body) : stage.api().download(body, headers);
        return await().until(() -> StreamSupport.stream(view().at("/failures/" + ending).spliterator(), false)
                .filter(failed -> failed.get("requestId").asText().equals(answer.header("X-Request-Id"))).findFirst(),
                Optional::isPresent).orElseThrow();
    }

    @Test
    void healthHasTheStateOfEachPartWithItsDetails() {
        JsonNode health = view().get("health");

        assertThat(health.at("/components/storages/components").properties()).extracting(branch -> branch.getKey())
                .containsExactlyInAnyOrderElementsOf(Stage.BRANCHES);
        assertThat(health.at("/components/routes/details/by").asText()).isEqualTo("start");
        assertThat(health.at("/components/api/details/download-file-stream").asText()).isEqualTo("Started");
    }

    @Test
    void partThatIsDownIsAResponseWithStatus200() throws Exception {
        RouteController routes = stage.service().bean(CamelContext.class).getRouteController();
        routes.stopRoute("storage-standard");
        try {
            assertThat(operator.get("/actuator/files").statusCode()).isEqualTo(200);
            assertThat(view().at("/health/status").asText()).isEqualTo("DOWN");
            assertThat(view().at("/health/components/routes/status").asText()).isEqualTo("DOWN");
            assertThat(stage.service().management().get("/actuator/health/readiness").status()).isEqualTo(200);
            assertThat(view().at("/health/components/routes/details/stopped/0").asText()).isEqualTo("storage-standard");
            assertThat(shown(Ending.STOPPED, request("standard", "a.txt")).get("reason").asText())
                    .contains("storage-standard");
        } finally {
            routes.startRoute("storage-standard");
        }
    }

    @Test
    void failureHasRequestIdReasonAndBranchButNoUser() {
        JsonNode failed = shown(Ending.REFUSED, request("standard", "nowhere.txt"), credentials(
                TestTokens.access().sign(), TestTokens.session().claim("userId", "+49 170 555 0199").sign()));

        assertThat(failed.get("at").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?Z");
        assertThat(Stream.of("code", "cause", "tenant", "branch").map(name -> failed.get(name).asText()))
                .containsExactly("13", "not-found", "demo", "standard");
        assertThat(failed.get("reason").asText()).contains("standard/demo/nowhere.txt");
        assertThat(failed.toString()).doesNotContain("0199");
    }

    @Test
    void readThatBreaksIsAFailureAndAnInventedTokenIsOfAStranger() {
        stage.put("standard", "large.bin", Stage.content(2_000_000));
        stage.link().breakForGood(1_000_000, FaultyServer.Fault.CLOSE);
        assertThat(shown(Ending.FAILED, request("standard", "large.bin")).get("cause").asText()).isEqualTo("broken");
        stage.link().heal();

        String wrong = "a-token-that-nobody-issued";
        JsonNode stranger = shown(Ending.STRANGER, "{}", credentials(wrong, wrong));
        assertThat(stranger.has("tenant")).isFalse();
        assertThat(stranger.toString()).doesNotContain(wrong);
    }

    @Test
    void clientDoesNotDetermineTheSizeOfAnEntry() {
        String longest = "x".repeat(20_000);

        assertThat(shown(Ending.REFUSED, "{\"" + longest + "\":1,\"" + longest + "\":1}").toString())
                .hasSizeLessThan(800);
    }

    @Test
    void equalFailuresShareAnEntryWithTheirCountAndTheLastRequest() {
        stage.link().breakAfter(0, FaultyServer.Fault.CLOSE);
        int former = shown(Ending.FAILED, request("standard", "a.bin")).get("count").asInt();
        shown(Ending.FAILED, request("standard", "b.bin"));
        JsonNode last = shown(Ending.FAILED, request("standard", "c.bin"));
        stage.link().heal();

        assertThat(last.get("count").asInt()).as(view().toString()).isEqualTo(former + 2);
        assertThat(last.get("reason").asText()).contains("c.bin");
    }

    private static FailedDownloads failed(int number) {
        return new FailedDownloads(Instant.EPOCH, 1, "13", "broken", "standard", "demo", "request-" + number, null);
    }

    @ParameterizedTest
    @CsvSource({"REFUSED", "STRANGER", "BUSY", "ABORTED"})
    void requestsOfAnotherEndingEvictNoFailureOfTheService(Ending many) {
        FilesEndpoint failures = new FilesEndpoint(null);
        failures.add(Ending.FAILED, "broken", failed(0));
        IntStream.rangeClosed(1, 10_000).parallel()
                .forEach(number -> failures.add(many, Character.toString(0x4e00 + number), failed(number)));
        failures.add(many, "last", failed(10_001));

        assertThat(failures.failures().get(Ending.FAILED)).containsExactly(failed(0));
        assertThat(failures.failures().get(many)).hasSize(FilesEndpoint.MOST).doesNotHaveDuplicates()
                .last().isEqualTo(failed(10_001));
    }
}
