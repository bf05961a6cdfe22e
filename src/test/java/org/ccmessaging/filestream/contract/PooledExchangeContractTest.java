package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.headers;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.FILE_SERVICE_REFUSED;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Contract section 3 with a setting that makes Camel reuse exchanges ({@code camel.main.exchange-factory}). An exchange
 * that returns to the pool twice would belong to two requests at the same time, perhaps of two tenants.
 */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PooledExchangeContractTest {

    private static final int CLIENTS = 16;
    private static final int REQUESTS = 20;
    private static final int SMALL = 4_000;
    private static final int LARGE = 200_000;

    @AutoClose
    private Stage stage;

    @BeforeAll
    void start() throws Exception {
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("camel.main.exchange-factory", "pooled"));
        for (int client = 0; client < CLIENTS; client++) {
            stage.putAt("standard", tenant(client) + "/small", Stage.content(SMALL + client));
            stage.putAt("standard", tenant(client) + "/large", Stage.content(LARGE + client));
        }
    }

    private static String tenant(int client) {
        return "tenant-" + client;
    }

    private void downloads(int client) {
        String[] tokens = credentials(TestTokens.session().claim("tenantId", tenant(client)));
        for (int i = 0; i < REQUESTS; i++) {
            assertThat(stage.api().download(request("standard", "small"), tokens).file())
                    .isEqualTo(Stage.content(SMALL + client));
            assertThat(stage.api().download(request("standard", "large"), tokens).file())
                    .isEqualTo(Stage.content(LARGE + client));
        }
    }

    @Test
    void requestsAtTheSameTimeKeepTheirOwnFilesAndOutcomes() {
        List<CompletableFuture<Void>> clients = OwnThread.each(CLIENTS, client -> {
            downloads(client);
            return null;
        });
        for (int i = 0; i < REQUESTS; i++) {
            assertThat(stage.api().download(request("standard", "small"), headers()).status()).isEqualTo(401);
            assertThat(stage.api().download(request("standard", "absent")).text()).isEqualTo(FILE_SERVICE_REFUSED);
        }

        assertThat(clients).allSatisfy(each -> assertThat(each).succeedsWithin(Duration.ofSeconds(120)));
    }
}
