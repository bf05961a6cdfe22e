package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.success;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Customers who request objects that the store cannot send do not stop the others (decision 0013).
 * {@code StoreCircuitTest} has when the circuit opens.
 */
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

    /** Nobody else has been served for longer than the window, so that the circuit is open. */
    @Test
    void customersOfOtherFilesAreServedWhileTheCircuitIsOpenForABrokenObject() {
        store.put("broken", FILE, turn -> turn.error(503, "SlowDown"));
        await().until(() -> {
            OwnThread.each(CONNECTIONS, i -> stage.api().download(request("standard", "broken")))
                    .forEach(CompletableFuture::join);
            return stage.health("standard").at("/details/circuit").asText().equals("open");
        });

        String[] other = credentials(TestTokens.session().claim("tenantId", "healthy"));
        List<CompletableFuture<String>> healthy = OwnThread.each(CONNECTIONS, i ->
                stage.api().download(request("standard", "file-" + i), other).text());

        assertThat(healthy).allSatisfy(each -> assertThat(each.get()).isEqualTo(success(FILE)));
    }
}
