package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.success;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same contract with a catalogue in PostgreSQL. */
@Tag("service")
class PostgresCatalogueContractTest extends CatalogueContractTest {

    private static final int SESSIONS = 12;
    private static final int REQUESTS = 16;

    @AutoClose
    private EmbeddedPostgres postgres;

    @Override
    Map<String, String> startDatabase() throws Exception {
        postgres = EmbeddedPostgres.builder().start();
        return Map.of("spring.datasource.url", postgres.getJdbcUrl("postgres", "postgres"),
                "spring.datasource.username", "postgres");
    }

    /** Each lookup of tenant {@code slow} takes 100 ms, so that its requests wait longer than a lookup may. */
    @Test
    void slowLookupsOfOneTenantLeaveConnectionsToAnotherAndTheCircuitClosed() {
        execute(url, "insert into filestream.multimedia_file select tenant, n::text, 'films/a.txt'"
                + " from generate_series(1000, 9000) n, unnest(array['slow', 'demo']) tenant");
        execute(url, "alter table filestream.multimedia_file rename to row");
        execute(url, "create view filestream.multimedia_file as select tenant_id, id, object_key || case tenant_id"
                + " when 'slow' then pg_sleep(0.1)::text else '' end as object_key from filestream.row");
        AtomicInteger slow = new AtomicInteger();
        List<CompletableFuture<Void>> clients = OwnThread.each(SESSIONS * REQUESTS, client -> {
            String[] session = credentials(TestTokens.session().claim("tenantId", "slow")
                    .claim("userId", "user-" + client % SESSIONS));
            for (int id = slow.incrementAndGet(); id < 1000; id = slow.incrementAndGet()) {
                stage.api().download(request(BRANCH, String.valueOf(1000 + id)), session);
            }
            return null;
        });

        for (int id = 1000; slow.get() < 1000; id++) {
            assertThat(download(String.valueOf(id))).as("lookup %d", id).isEqualTo(success(FILM));
        }
        assertThat(stage.health("library.catalogue").at("/details/circuit").asText()).isEqualTo("closed");
        clients.forEach(CompletableFuture::join);
        execute(url, "drop view filestream.multimedia_file");
        execute(url, "alter table filestream.row rename to multimedia_file");
    }
}
