package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.success;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Script;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Customers who request objects that the store cannot send do not stop the others (decision 0013). */
@Tag("service")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage.s3", texts = "S3 circuit")
class BrokenObjectContractTest {

    private static final byte[] FILE = Stage.content(1_000);
    private static final int CONNECTIONS = 16;

    @AutoClose
    private static FaultyServer store;
    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        store = new FaultyServer();
        for (int i = 0; i < CONNECTIONS; i++) {
            store.putAt("healthy/file-" + i, FILE, Turn::right);
        }
        stage = Stage.impatient(store, Map.of("filestream.s3.circuit-open-time", "10m"));
    }

    private static String[] session(String tenant, int user) {
        return credentials(TestTokens.session().claim("tenantId", tenant).claim("userId", "user-" + user));
    }

    /** Sends a request on each connection, all at the same time. */
    private static void requestBrokenObjects(int sessions, int keys) {
        OwnThread.each(CONNECTIONS, i -> stage.api().download(request("standard", "broken-" + i % keys),
                session("demo", i % sessions))).forEach(CompletableFuture::join);
    }

    private static Script script(String fault) {
        return fault.equals("reset") ? Turn::reset : turn -> turn.error(503, "SlowDown");
    }

    @ParameterizedTest
    @CsvSource({"503, 1, 1", "reset, 1, 1", "503, 1, 16", "503, 12, 1"})
    void customersOfOtherFilesAreServedBesideBrokenObjectsOfOneKeyOrOneSession(String fault, int sessions, int keys) {
        IntStream.range(0, keys).forEach(i -> store.put("broken-" + i, FILE, script(fault)));

        for (int i = 0; i < 20; i++) {
            requestBrokenObjects(sessions, keys);
            assertThat(stage.api().download(request("standard", "file-" + i % CONNECTIONS), session("healthy", i))
                    .text()).as("request %d", i).isEqualTo(success(FILE));
        }
    }

    /** Nobody else has been served for longer than the window, so that the circuit is open. */
    @Test
    void customersOfOtherFilesAreServedWhileTheCircuitIsOpenForABrokenObject() {
        store.put("broken-0", FILE, script("503"));
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            requestBrokenObjects(1, 1);
            return stage.health("standard").at("/details/circuit").asText().equals("open");
        });

        List<CompletableFuture<String>> healthy = OwnThread.each(CONNECTIONS, i ->
                stage.api().download(request("standard", "file-" + i), session("healthy", 1)).text());

        assertThat(healthy).allSatisfy(each -> assertThat(each.get()).isEqualTo(success(FILE)));
    }
}
