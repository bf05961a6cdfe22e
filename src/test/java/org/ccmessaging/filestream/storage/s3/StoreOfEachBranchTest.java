package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ccmessaging.filestream.storage.s3.ObjectGets.settings;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.http.impl.client.HttpClientBuilder;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageOf;
import org.ccmessaging.filestream.storage.StorageSettings.Branch;
import org.ccmessaging.filestream.storage.s3.StoreCircuit.Origin;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Each branch has the store that its settings name (decision 0013). Two stores have the same buckets and keys. Local
 * and library have the store of {@code filestream.s3}, standard has its own.
 */
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage.s3", texts = "S3 circuit")
class StoreOfEachBranchTest {

    private static final byte[] NEAR = Stage.content(1_000_000);
    private static final byte[] FAR = Stage.content(1_000_001);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Deadlines deadlines = ObjectGets.deadlines(System::nanoTime, Map.of());
    private final Queue<String> signatures = new ConcurrentLinkedQueue<>();
    @AutoClose
    private final FaultyServer near = new FaultyServer();
    @AutoClose
    private final FaultyServer far = new FaultyServer();
    @AutoClose
    private RouteS3Client client;
    private int requests;

    @BeforeEach
    void start() {
        near.putEverywhere(NEAR, this::breakOnce);
        far.putEverywhere(FAR, this::breakOnce);
        DefaultListableBeanFactory none = new DefaultListableBeanFactory();
        Branch shared = StorageOf.bucket("files", null);
        Branch own = StorageOf.bucket("files", storeSettings("its", far, "far", "ap-southeast-1"));
        client = new RouteS3Client(storeSettings("filestream.s3", near, "near", "eu-central-1"),
                StorageOf.branches(shared, shared, own), null, deadlines, meters,
                ShippedSettings.of("filestream.download", DownloadSettings.class, Map.of()),
                none.getBeanProvider(HttpClientBuilder.class), none.getBeanProvider(SdkHttpClient.class));
    }

    private void breakOnce(Turn turn) throws IOException {
        signatures.addAll(turn.headers("Authorization"));
        if (turn.isFirst()) {
            turn.rightHead();
            turn.endAfter(500_000);
        } else {
            turn.right();
        }
    }

    private static S3Settings storeSettings(String prefix, FaultyServer store, String name, String region) {
        return settings(prefix, Map.of("endpoint", store.endpoint(), "region", region, "access-key",
                name + "-key", "secret-key", "secret", "path-style-access", true, "max-attempts", 1));
    }

    /** Downloads as the route does, for another customer and another key each time. */
    private byte[] download(String branch) throws IOException {
        requests++;
        Origin origin = ObjectGets.origin(branch, "demo", requests, requests);
        ObjectGet get = new ObjectGet(RequestObject.complete("files", origin.object().key()), origin,
                deadlines.ofFirstByte());
        Counter breaks = meters.counter("breaks");
        return new ResumingStream(get, get.handOver(client.getObject(get.request), origin.object()), deadlines, breaks,
                breaks).readAllBytes();
    }

    @Test
    void eachBranchReadsAndResumesAtItsOwnStore() throws Exception {
        assertThat(download("standard")).isEqualTo(FAR);
        assertThat(signatures).hasSize(2)
                .allMatch(signed -> signed.contains("Credential=far-key/") && signed.contains("/ap-southeast-1/s3/"));
        signatures.clear();
        assertThat(download("local")).isEqualTo(NEAR);
        assertThat(signatures).hasSize(2)
                .allMatch(signed -> signed.contains("Credential=near-key/") && signed.contains("/eu-central-1/s3/"));
        assertThat(download("multimedia-library")).isEqualTo(NEAR);
    }

    @Test
    void storeThatIsDownOpensItsOwnCircuitAlone() throws Exception {
        far.putEverywhere(FAR, Turn::reset);
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> download("standard")).isInstanceOf(Exception.class);
        }

        assertThat(client.of("standard").states()).containsEntry("circuit", "open");
        for (String branch : List.of("local", "multimedia-library")) {
            assertThat(client.of(branch).states()).containsEntry("circuit", "closed");
            assertThat(download(branch)).isEqualTo(NEAR);
        }
        assertThat(meters.get("filestream.s3.circuit").tags("branches", "local,multimedia-library", "state", "closed")
                .gauge().value()).isOne();
    }

    @Test
    void branchWithItsOwnStoreHasNoLinkToTheAddressOfTheSharedOne() {
        S3Settings shared = settings("filestream.s3", Map.of(
                "endpoint", "http://shared:9000", "public-endpoint", "https://files.example.com"));

        assertThat(shared.of("local", settings("its", Map.of("endpoint", "http://own:9000"))).publicEndpoint())
                .isNull();
        assertThat(shared.of("local", settings("its", Map.of("endpoint", "http://own:9000",
                "public-endpoint", "https://own.example.com"))).publicEndpoint()).hasHost("own.example.com");
        assertThat(shared.of("local", settings("its", Map.of("read-timeout", "3s"))).publicEndpoint())
                .hasHost("files.example.com");
    }

    @Test
    void aBranchThatHasOwnKeysOrAnOwnProxyTakesNoSecretOfTheOthers() {
        S3Settings shared = settings("filestream.s3", Map.of("proxy", "http://proxy:3128",
                "proxy-username", "shared", "proxy-password", "secret"));
        S3Settings own = shared.of("standard", settings("its", Map.of(
                "proxy", "http://other:3128", "read-timeout", "3s", "region", "ap-southeast-1")));

        assertThat(own.proxyUsername()).isNull();
        assertThat(own.proxyPassword()).isNull();
        assertThat(own.readTimeout()).hasSeconds(3);
        assertThat(own.region()).isEqualTo("ap-southeast-1");
        assertThat(own.maxConnections()).isEqualTo(shared.maxConnections());
        assertThat(shared.of("local", null)).isEqualTo(shared);
    }
}
