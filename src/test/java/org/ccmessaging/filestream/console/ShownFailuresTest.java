package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.management.ObjectName;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.FaultyLink;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The MBean of the last failures, as the console and scripts read it through Jolokia. */
class ShownFailuresTest extends ConsoleOfAService {

    private static final String MBEAN = "org.ccmessaging:type=Failures";

    @Override
    Stage open() throws Exception {
        return Stage.breakable(ConsoleSession.SETTINGS);
    }

    @AfterAll
    void stop() throws Exception {
        stage.close();
        assertThat(ManagementFactory.getPlatformMBeanServer().isRegistered(new ObjectName(MBEAN))).isFalse();
    }

    private JsonNode failures() {
        JsonNode response = operator.json(operator.jolokia(Map.of("type", "read", "mbean", MBEAN)));
        assertThat(response.get("status").asInt()).as(response.toString()).isEqualTo(200);
        return response.get("value");
    }

    private Stream<String> rows() {
        return StreamSupport.stream(failures().spliterator(), false).map(JsonNode::asText);
    }

    /** The row of a request that fails. */
    private String rowOf(String body, String... headers) {
        long seen = failures().get("Seen").asLong();
        Answer answer = headers.length == 0 ? stage.api().download(body) : stage.api().download(body, headers);
        await().until(() -> failures().get("Seen").asLong() == seen + 1);
        return rows().filter(row -> row.contains(" requestId=" + answer.header("X-Request-Id"))).findFirst()
                .orElseThrow();
    }

    @Test
    void rowOfAMissingObjectHasTheFieldsAndNoUser() {
        assertThat(rowOf(request("standard", "nowhere.txt"), credentials(TestTokens.access().sign(),
                TestTokens.session().claim("userId", "+49 170 555 0199").sign())))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?Z code=13 cause=not-found tenant=demo "
                        + "branch=standard step=get-object requestId=\\S+ reason=.*standard/demo/nowhere.txt.*")
                .doesNotContain("0199");
    }

    @Test
    void stepIsTheInnermostThatFailed() {
        String wrong = "a-token-that-nobody-issued";
        assertThat(rowOf("{}", credentials(wrong, wrong))).contains(" code=401 cause=credentials ",
                " branch=none step=authenticate ")
                .doesNotContain(wrong, "tenant=");
        assertThat(rowOf("{")).contains(" code=400 ", " step=parse-request ");
        assertThat(rowOf(request("x", "exe", null))).contains("code=13 cause=file-type", " step=check-request ");
        assertThat(rowOf(request("multimedia-library", "77"))).contains("code=401 cause=not-found",
                " branch=multimedia-library step=no-object-key ");
        stage.put("standard", "empty.txt", new byte[0]);
        assertThat(rowOf(request("standard", "empty.txt"))).contains("code=13 cause=empty",
                " branch=standard step=read-first-chunk ");
    }

    @Test
    void readThatBreaksAfterTheRouteHasNoStep() {
        stage.put("standard", "large.bin", Stage.content(2_000_000));
        stage.link().breakForGood(1_000_000, FaultyLink.Fault.CLOSE);

        assertThat(rowOf(request("standard", "large.bin"))).contains("code=13 cause=broken tenant=demo branch=standard "
                + "requestId=");
        stage.link().heal();
    }

    @Test
    void memoryHasABoundAndTheNewestComesFirst() {
        String longest = "x".repeat(20_000);
        for (int i = 0; i < 120; i++) {
            stage.api().download("{\"" + longest + "\":1,\"" + longest + "\":1}");
        }
        rowOf(request("standard", "the-newest.txt"));
        assertThat(failures().get("001").asText()).contains("the-newest.txt");
        assertThat(failures().get("002").asText()).contains("code=400").hasSizeLessThan(800);
        assertThat(failures().has("101")).isFalse();
    }

    @Test
    void refusedCredentialsPushOutNoFailureOfACustomer() {
        rowOf(request("standard", "kept.txt"));
        long seen = failures().get("Seen").asLong();
        for (int i = 0; i < 120; i++) {
            stage.api().download("{}", credentials("invented", "invented"));
        }
        await().until(() -> failures().get("Seen").asLong() == seen + 120);

        assertThat(rows()).anyMatch(row -> row.contains("kept.txt"));
        assertThat(failures().get("001").asText()).doesNotContain("code=401 cause=credentials");
        assertThat(failures().get("201").asText()).contains("code=401 cause=credentials");
        assertThat(failures().has("301")).isFalse();
    }

    @Test
    void successIsNoFailure() {
        stage.put("standard", "hello.txt", Stage.content(100));
        long seen = failures().get("Seen").asLong();
        assertThat(stage.api().download(request("standard", "hello.txt")).file()).isEqualTo(Stage.content(100));
        rowOf("{");

        assertThat(failures().get("Seen").asLong()).isEqualTo(seen + 1);
    }
}
