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

/**
 * Contract section 3 with a setting that makes Camel reuse exchanges ({@code camel.main.exchange-factory}). An exchange
 * that returns to the pool twice would belong to two requests at the same time, perhaps of two tenants.
 */
@Tag("service")
class PooledExchangeContractTest {

    private static final int[] SIZES = {4_000, 200_000};
    private static final int CLIENTS = 16;
    private static final int REQUESTS = 20;

    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("camel.main.exchange-factory", "pooled"));
        for (int client = 0; client < CLIENTS; client++) {
            for (int size : SIZES) {
                stage.putAt("standard", "tenant-" + client + "/" + size, Stage.content(size + client));
            }
        }
    }

    @Test
    void requestsAtTheSameTimeKeepTheirOwnFilesAndOutcomes() {
        List<CompletableFuture<Void>> clients = OwnThread.each(CLIENTS, client -> {
            String[] tokens = credentials(TestTokens.session().claim("tenantId", "tenant-" + client));
            for (int i = 0; i < REQUESTS * SIZES.length; i++) {
                int size = SIZES[i % SIZES.length];
                assertThat(stage.api().download(request("standard", Integer.toString(size)), tokens).file())
                        .isEqualTo(Stage.content(size + client));
            }
            return null;
        });
        for (int i = 0; i < REQUESTS; i++) {
            assertThat(stage.api().download(request("standard", "small"), headers()).status()).isEqualTo(401);
            assertThat(stage.api().download(request("standard", "absent")).text()).isEqualTo(FILE_SERVICE_REFUSED);
        }

        assertThat(clients).allSatisfy(each -> assertThat(each).succeedsWithin(Duration.ofSeconds(120)));
    }
}
