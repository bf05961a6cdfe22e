package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.READ_BROKEN;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.dev.EmbeddedS3;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer.Fault;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each branch has the store that its settings name (decision 0013). Two servers that check signatures have the same
 * buckets and keys, and take different credentials: a request that went to the wrong one would be refused, or bring the
 * other file.
 */
@Tag("service")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage.s3", texts = "S3 circuit")
class StoreOfEachBranchTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final byte[] NEAR = Stage.content(1_000_000);
    private static final byte[] FAR = Stage.content(1_000_001);

    @AutoClose
    private static EmbeddedS3 near;
    @AutoClose
    private static EmbeddedS3 far;
    @AutoClose
    private static FaultyServer linkToNear;
    @AutoClose
    private static FaultyServer linkToFar;
    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        List<String> buckets = List.of("files");
        near = EmbeddedS3.inMemory(buckets, "near-key", "near-secret");
        far = EmbeddedS3.inMemory(buckets, "far-key", "far-secret");
        near.put("files", "demo/a.bin", NEAR);
        near.put("files", "demo/hello.txt", "near".getBytes());
        far.put("files", "demo/a.bin", FAR);
        far.put("files", "demo/hello.txt", "far".getBytes());
        linkToNear = new FaultyServer(near.endpoint());
        linkToFar = new FaultyServer(far.endpoint());
        stage = Stage.impatient(settings());
    }

    /** Local and library have the store of {@code filestream.s3}, standard has one of its own. */
    private static Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "filestream.s3.endpoint", linkToNear.endpoint(),
                "filestream.s3.region", "eu-central-1",
                "filestream.s3.access-key", "near-key",
                "filestream.s3.secret-key", "near-secret",
                "filestream.s3.circuit-open-time", "10m"));
        settings.put("filestream.storage.standard.s3.endpoint", linkToFar.endpoint());
        settings.put("filestream.storage.standard.s3.region", "ap-southeast-1");
        settings.put("filestream.storage.standard.s3.access-key", "far-key");
        settings.put("filestream.storage.standard.s3.secret-key", "far-secret");
        settings.put("filestream.storage.standard.s3.circuit-open-time", "200ms");
        Stage.BRANCHES.forEach(branch -> settings.put("filestream.storage." + branch + ".bucket", "files"));
        return settings;
    }

    @AfterEach
    void heal() {
        linkToNear.heal();
        linkToFar.heal();
    }

    private static Api.Answer download(String branch, String name) {
        return stage.api().download(request(branch, name));
    }

    private static JsonNode health(String branch) {
        return stage.health(branch);
    }

    @Test
    void eachBranchReadsAndResumesAtItsOwnStore() {
        assertThat(download("multimedia-library", "hello.txt").file()).asString().isEqualTo("near");
        linkToFar.breakOnce(500_000, Fault.RESET);
        assertThat(download("standard", "a.bin").file()).isEqualTo(FAR);
        linkToNear.breakOnce(500_000, Fault.RESET);
        assertThat(download("local", "a.bin").file()).isEqualTo(NEAR);
    }

    @Test
    void storeThatIsDownOpensItsOwnCircuitAlone() throws Exception {
        linkToFar.breakAfter(0, Fault.RESET);
        // The circuit counts those of the last seconds. One session may have 16 downloads at a time.
        await().atMost(SOON).until(() -> {
            assertThat(OwnThread.each(16, client -> download("standard", "hello.txt")))
                    .allSatisfy(each -> assertThat(each.join().text()).isEqualTo(READ_BROKEN));
            return health("standard").at("/details/circuit").asText().equals("open");
        });

        await().atMost(SOON).until(() -> health("standard").at("/status").asText().equals("DOWN"));
        for (String branch : List.of("local", "multimedia-library")) {
            assertThat(health(branch).at("/details/circuit").asText()).isEqualTo("closed");
            await().atMost(SOON).until(() -> health(branch).at("/status").asText().equals("UP"));
            assertThat(download(branch, "hello.txt").file()).asString().isEqualTo("near");
        }
        assertThat(stage.metrics()).contains(
                "filestream_s3_circuit{branches=\"local,multimedia-library\",state=\"closed\"} 1.0",
                "filestream_s3_circuit{branches=\"standard\",state=\"open\"} 1.0",
                "filestream_s3_connections_limit{branches=\"standard\"}");
        linkToFar.heal();
        await().atMost(SOON).until(() -> {
            download("standard", "hello.txt");
            return health("standard").at("/details/circuit").asText().equals("closed");
        });
        await().atMost(SOON).until(() -> health("standard").at("/status").asText().equals("UP"));
    }

    @Test
    void branchWithItsOwnStoreHasNoLinkToTheAddressOfTheSharedOne() {
        S3Settings shared = ShippedSettings.of("filestream.s3", S3Settings.class, Map.of(
                "filestream.s3.endpoint", "http://shared:9000",
                "filestream.s3.public-endpoint", "https://files.example.com"));
        S3Settings own = ShippedSettings.of("its", S3Settings.class, Map.of("its.endpoint", "http://own:9000"));

        assertThat(shared.of("local", own).publicEndpoint()).isNull();
        assertThat(shared.of("local", ShippedSettings.of("its", S3Settings.class, Map.of("its.endpoint",
                "http://own:9000", "its.public-endpoint", "https://own.example.com"))).publicEndpoint())
                .hasHost("own.example.com");
        assertThat(shared.of("local", ShippedSettings.of("its", S3Settings.class, Map.of("its.read-timeout", "3s")))
                .publicEndpoint()).hasHost("files.example.com");
    }

    @Test
    void aBranchThatHasOwnKeysOrAnOwnProxyTakesNoSecretOfTheOthers() {
        S3Settings shared = ShippedSettings.of("filestream.s3", S3Settings.class, Map.of(
                "filestream.s3.proxy", "http://proxy:3128", "filestream.s3.proxy-username", "shared",
                "filestream.s3.proxy-password", "secret"));
        S3Settings own = shared.of("standard", ShippedSettings.of("its", S3Settings.class, Map.of(
                "its.proxy", "http://other:3128", "its.read-timeout", "3s", "its.region", "ap-southeast-1")));

        assertThat(own.proxyUsername()).isNull();
        assertThat(own.proxyPassword()).isNull();
        assertThat(own.readTimeout()).hasSeconds(3);
        assertThat(own.region()).isEqualTo("ap-southeast-1");
        assertThat(own.maxConnections()).isEqualTo(shared.maxConnections());
        assertThat(shared.of("local", null)).isEqualTo(shared);
    }
}
