package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.Test;

/** The last failures, as the console's page and scripts read them. */
class ShownFailuresTest extends ConsoleOfAService {

    @Override
    Stage open() throws Exception {
        return Stage.breakable(ConsoleSession.SETTINGS);
    }

    private JsonNode failures() {
        return operator.json(operator.get("/actuator/files")).get("failures");
    }

    private Stream<JsonNode> all() {
        JsonNode failures = failures();
        return Stream.of("customers", "unverified", "credentials").map(failures::get)
                .flatMap(list -> StreamSupport.stream(list.spliterator(), false));
    }

    /** Sends a request that fails, and returns its entry in the lists. */
    private JsonNode shown(String body, String... headers) {
        Answer answer = headers.length == 0 ? stage.api().download(body) : stage.api().download(body, headers);
        return await().until(() -> all().filter(failed ->
                failed.get("requestId").asText().equals(answer.header("X-Request-Id"))).findFirst(),
                Optional::isPresent).orElseThrow();
    }

    private void fail120(Runnable download) {
        long seen = failures().get("seen").asLong();
        for (int i = 0; i < 120; i++) {
            download.run();
        }
        await().until(() -> failures().get("seen").asLong() == seen + 120);
    }

    /** Names and texts of fields, such as {@code code=13 cause=empty}; without the ID of the request. */
    private String fieldsOf(String body, String... headers) {
        return shown(body, headers).properties().stream().filter(field -> !List.of("at", "requestId")
                .contains(field.getKey())).map(field -> field.getKey() + "=" + field.getValue().asText())
                .collect(Collectors.joining(" "));
    }

    @Test
    void missingObjectIsShownWithTheStepItsRouteAndNoUser() {
        JsonNode shown = shown(request("standard", "nowhere.txt"), credentials(TestTokens.access().sign(),
                TestTokens.session().claim("userId", "+49 170 555 0199").sign()));
        assertThat(shown.get("at").asText())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?Z");
        assertThat(fieldsOf(request("standard", "nowhere.txt"))).matches("code=13 cause=not-found tenant=demo "
                + "branch=standard route=read-s3 step=get-object reason=.*standard/demo/nowhere.txt.*");
        assertThat(shown.toString()).doesNotContain("0199");
    }

    @Test
    void stepIsTheInnermostThatFailed() {
        String wrong = "a-token-that-nobody-issued";
        assertThat(fieldsOf("{}", credentials(wrong, wrong))).contains("code=401 cause=credentials ",
                " branch=none route=download-file-stream step=authenticate ")
                .doesNotContain(wrong, "tenant=");
        assertThat(fieldsOf("{")).contains("code=400 ", " step=parse-request ");
        assertThat(fieldsOf(request("x", "exe", null))).contains("code=13 cause=file-type", " step=check-request ");
        assertThat(fieldsOf(request("multimedia-library", "77"))).contains("code=401 cause=not-found",
                " branch=multimedia-library ", " step=no-object-key ");
        stage.put("standard", "empty.txt", new byte[0]);
        assertThat(fieldsOf(request("standard", "empty.txt"))).contains("code=13 cause=empty",
                " branch=standard route=download-file-stream step=read-first-chunk ");
    }

    @Test
    void readThatBreaksAfterTheRouteHasNoStep() {
        stage.put("standard", "large.bin", Stage.content(2_000_000));
        stage.link().breakForGood(1_000_000, FaultyServer.Fault.CLOSE);

        assertThat(fieldsOf(request("standard", "large.bin")))
                .contains("code=13 cause=broken tenant=demo branch=standard reason=");
        stage.link().heal();
    }

    @Test
    void memoryHasABoundAndTheNewestComesFirst() {
        String longest = "x".repeat(20_000);
        fail120(() -> stage.api().download("{\"" + longest + "\":1,\"" + longest + "\":1}"));
        fieldsOf(request("standard", "the-newest.txt"));
        JsonNode customers = failures().get("customers");
        assertThat(customers).hasSize(100);
        assertThat(customers.get(0).get("reason").asText()).contains("the-newest.txt");
        assertThat(customers.get(1).get("code").asText()).isEqualTo("400");
        assertThat(customers.get(1).toString()).hasSizeLessThan(800);
    }

    @Test
    void refusedCredentialsPushOutNoFailureOfACustomer() {
        fieldsOf(request("standard", "kept.txt"));
        fail120(() -> stage.api().download("{}", credentials("invented", "invented")));

        assertThat(failures().get("customers").toString()).contains("kept.txt").doesNotContain("credentials");
        assertThat(failures().get("credentials")).hasSize(100);
    }

    @Test
    void successIsNoFailure() {
        stage.put("standard", "hello.txt", Stage.content(100));
        long seen = failures().get("seen").asLong();
        assertThat(stage.api().download(request("standard", "hello.txt")).file()).isEqualTo(Stage.content(100));
        fieldsOf("{");

        assertThat(failures().get("seen").asLong()).isEqualTo(seen + 1);
    }
}
