package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ccmessaging.filestream.storage.s3.ObjectGets.settings;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.http.impl.client.HttpClientBuilder;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.storage.Confined;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageOf;
import org.ccmessaging.filestream.storage.StorageSettings.Branch;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.Variables;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/** Each branch has the store that its settings name (decision 0013), and each request its response. */
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage.s3", texts = "S3 circuit")
class StoreOfEachBranchTest {

    private static final byte[] NEAR = Stage.content(1_000_000);
    private static final byte[] FAR = Stage.content(1_000_001);

    private static final DownloadSettings DOWNLOADS =
            ShippedSettings.of("filestream.download", DownloadSettings.class, Map.of());

    private final CamelContext context = new DefaultCamelContext();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Deadlines deadlines = ObjectGets.deadlines(System::nanoTime, Map.of());
    private final Queue<String> signatures = new ConcurrentLinkedQueue<>();
    @AutoClose
    private final FaultyServer near = new FaultyServer();
    @AutoClose
    private final FaultyServer far = new FaultyServer();
    private StorageSettings branches;
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
        branches = StorageOf.branches(shared, shared, own);
        client = new RouteS3Client(storeSettings("filestream.s3", near, "near", "eu-central-1"), branches, null,
                deadlines, meters, DOWNLOADS, none.getBeanProvider(HttpClientBuilder.class),
                none.getBeanProvider(SdkHttpClient.class));
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
        return settings(prefix, Map.of("endpoint", store.endpoint(), "region", region, "access-key", name + "-key",
                "secret-key", "secret", "path-style-access", true, "max-attempts", 1));
    }

    /** Another customer requests another key each time. */
    private Exchange exchangeWithRequest(String branch) {
        String tenant = "tenant-" + requests++;
        Exchange exchange = new DefaultExchange(context);
        Confined.to(exchange, new ObjectLocation(branch, tenant, tenant + "/a.txt"));
        new RequestObject(branches, deadlines).process(exchange);
        return exchange;
    }

    private Exchange exchangeWithResponse(String branch) {
        Exchange exchange = exchangeWithRequest(branch);
        exchange.getMessage().setBody(
                client.getObject(exchange.getVariable(Variables.OBJECT_REQUEST, GetObjectRequest.class)));
        return exchange;
    }

    private byte[] take(Exchange exchange) {
        new TakeObject(DOWNLOADS, deadlines, meters).process(exchange);
        byte[] file = new byte[FAR.length + 1];
        return Arrays.copyOf(file, exchange.getMessage().getBody(StoredObject.class).fill(file));
    }

    private byte[] download(String branch) {
        return take(exchangeWithResponse(branch));
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
    void routeReadsNothingOfAResponseWhoseConnectionIsBackWhenTheExchangeIsDone() {
        Gauge leased = meters.get("filestream.s3.connections").tags("branches", "standard", "state", "leased").gauge();
        Exchange exchange = exchangeWithResponse("standard");
        assertThatThrownBy(() -> exchange.getMessage().getBody(InputStream.class).readNBytes(3))
                .isInstanceOf(IOException.class).hasMessageContaining("take-object");
        assertThat(leased.value()).isEqualTo(1);

        exchange.getUnitOfWork().done(exchange);

        assertThat(leased.value()).isZero();
    }

    @Test
    void responseIsTakenOnceAndForItsOwnRequest() {
        Exchange exchange = exchangeWithResponse("standard");
        Object response = exchange.getMessage().getBody();
        Exchange other = exchangeWithRequest("standard");
        for (Object body : new Object[] {response, "theirs", null}) {
            other.getMessage().setBody(body);
            assertThatThrownBy(() -> take(other)).isInstanceOf(UnauthorizedException.class);
        }
        assertThat(take(exchange)).isEqualTo(FAR);

        exchange.getMessage().setBody(response);
        assertThatThrownBy(() -> take(exchange)).isInstanceOf(UnauthorizedException.class);
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
