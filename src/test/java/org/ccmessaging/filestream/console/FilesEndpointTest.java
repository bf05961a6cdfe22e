package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.ccmessaging.filestream.support.FaultyLink;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestIssuer;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Reads the state that the service gives to the console's page <i>Files</i>. A test samples the traffic itself. */
@Isolated("counts downloads that other tests would make")
class FilesEndpointTest extends ConsoleOfAService {

    private static final String PARTNER = "https://partner.example.com";

    @AutoClose
    private final TestIssuer partner = new TestIssuer();

    FilesEndpointTest() throws Exception {
    }

    @Override
    Stage open() throws Exception {
        Map<String, Object> settings = new HashMap<>(ConsoleSession.SETTINGS);
        settings.put("filestream.auth.session-token.issuers.partner.issuer", PARTNER);
        settings.put("filestream.auth.session-token.issuers.partner.jwk-set-uri", partner.keySet());
        return Stage.breakable(settings);
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
                .containsExactly("Downloads", "In flight", "Storage of local", "Storage of multimedia-library",
                        "Storage of standard", "Issuers of tokens", "Issuer " + PARTNER, "Routes", "Memory", "Edge"));
        await().untilAsserted(() -> assertThat(word("Storage of standard")).isEqualTo("FINE"));
        assertThat(word("Memory")).isEqualTo("FINE");
        assertThat(row("In flight").get("text").asText()).matches("0 of \\d+ permits; 0 refused in 15 minutes");
        assertThat(row("Routes").get("text").asText()).startsWith("generation 1, since ").endsWith(", by start");
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
        stage.link().breakForGood(1_000_000, FaultyLink.Fault.CLOSE);
        stage.api().download(request("standard", "large.bin"));
        stage.link().heal();

        await().untilAsserted(() -> assertThat(word("Downloads")).isIn("LOOK", "BROKEN"));
    }

    @Test
    void issuerIsTheRowOfItsKeysAndOfTokensWithOthers() throws Exception {
        String row = "Issuer " + PARTNER;
        await().untilAsserted(() -> assertThat(word(row)).isEqualTo("FINE"));
        assertThat(row(row).get("text").asText()).matches("\\d keys, fetched at 20\\S+Z; 0 tokens named .*");
        JWSHeader withdrawn = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("withdrawn").build();
        partner.down(true);

        stage.api().download("{}", credentials(TestTokens.access().sign(), TestTokens.session()
                .with(claims -> claims.issuer(PARTNER)).sign(withdrawn, new RSASSASigner(partner.rsa()))));

        assertThat(word(row)).isEqualTo("LOOK");
        assertThat(row(row).get("text").asText()).contains("; 1 tokens named a key that is not among them; the last"
                + " fetch failed: status 503");
        partner.down(false);
    }

    @Test
    void stateOfTheRoutesIsThatOfTheirEndpoint() {
        assertThat(view().get("routes")).isEqualTo(operator.json(operator.get("/actuator/routes")));
    }

    @Test
    void stateIsNotForStrangers() {
        ConsoleSession stranger = new ConsoleSession(stage.service().management().base(), false);

        assertThat(stranger.get("/actuator/files").statusCode()).isEqualTo(401);
    }
}
