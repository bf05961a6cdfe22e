package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.DOWNLOAD_FAILED;
import static org.ccmessaging.filestream.support.Outcomes.OBJECT_KEY_MISSING;
import static org.ccmessaging.filestream.support.Outcomes.success;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract sections 3 and 4.1 for a library whose catalogue is in PostgreSQL. */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream", texts = "fails lookups")
class CatalogueContractTest {

    private static final String BRANCH = "multimedia-library";
    private static final byte[] FILM = Stage.content(3000);
    private static final int SESSIONS = 12;
    private static final int REQUESTS = 16;

    @AutoClose
    private EmbeddedPostgres postgres;
    @AutoClose
    private Stage stage;
    private String url;

    @BeforeAll
    void start() throws Exception {
        postgres = EmbeddedPostgres.builder().start();
        url = postgres.getJdbcUrl("postgres", "postgres");
        Map<String, Object> settings = new HashMap<>();
        settings.put("filestream.library.catalogue", "sql");
        settings.put("filestream.library.cache", "1s");
        settings.put("spring.datasource.url", url);
        settings.put("spring.datasource.username", "postgres");
        stage = new Stage(Stage.Kind.FILESYSTEM, settings);
        stage.put(BRANCH, "films/a.txt", FILM);
        stage.put(BRANCH, "117", "an object under an ID".getBytes());
        stage.put("local", "hello.txt", FILM);
        stage.putAt(BRANCH, "other/secret.txt", Stage.CANARY.getBytes());
        await().until(() -> stage.health("library.catalogue").path("status").asText().equals("UP"));
        insert("demo", "1", "'films/a.txt'");
        insert("demo", "no-key", "null");
        insert("demo", "blank", "' '");
        insert("other", "of-other", "'secret.txt'");
    }

    static void execute(String url, String statement) {
        try (Connection connection = DriverManager.getConnection(url, "postgres", "");
                Statement one = connection.createStatement()) {
            one.execute(statement);
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private void insert(String tenant, String id, String key) {
        execute(url, "insert into filestream.multimedia_file values ('%s', '%s', %s)".formatted(tenant, id, key));
    }

    private String download(String id) {
        return stage.api().download(request(BRANCH, id)).text();
    }

    /** The first request of each asks the database, and the second one the cache. */
    @ParameterizedTest
    @ValueSource(strings = {"117", "no-key", "blank", "of-other", "films/a.txt",
            "1' or '1'='1", "'; drop table filestream.multimedia_file; --", "${variable.tenantId}", ":#id", "?", "#",
        "a\0b"})
    void idWithoutAKeyIsNoObjectKey(String id) {
        assertThat(download(id)).isEqualTo(OBJECT_KEY_MISSING);
        assertThat(download(id)).isEqualTo(OBJECT_KEY_MISSING);
    }

    @Test
    void tenantDoesNotGetTheRowsOfAnother() {
        String[] other = credentials(TestTokens.session().claim("tenantId", "other"));

        assertThat(stage.api().download(request(BRANCH, "of-other"), other).text())
                .isEqualTo(success(Stage.CANARY.getBytes()));
        assertThat(download("of-other")).isEqualTo(OBJECT_KEY_MISSING);
        assertThat(stage.api().download(request(BRANCH, "1"), other).text()).isEqualTo(OBJECT_KEY_MISSING);
    }

    @Test
    void changedRowIsSeenAfterTheTimeOfTheCache() {
        insert("demo", "changes", "'films/a.txt'");
        assertThat(download("changes")).isEqualTo(success(FILM));
        execute(url, "update filestream.multimedia_file set object_key = '117' where id = 'changes'");

        assertThat(download("changes")).isEqualTo(success(FILM));
        await().atMost(Duration.ofSeconds(10)).until(() -> download("changes")
                .equals(success("an object under an ID".getBytes())));
    }

    /** Each lookup of tenant {@code slow} takes 100 ms, so that its requests wait longer than a lookup may. */
    @Test
    void slowLookupsOfOneTenantLeaveConnectionsToAnotherAndTheCircuitsClosed() {
        execute(url, "insert into filestream.multimedia_file select tenant, n::text, 'films/a.txt'"
                + " from generate_series(1000, 9000) n, unnest(array['slow', 'demo']) tenant");
        slowDown("slow", "0.1");
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
        assertThat(circuit()).doesNotContain("tenant slow", "all tenants");
        clients.forEach(CompletableFuture::join);
        undo();
    }

    private String circuit() {
        return stage.health("library.catalogue").at("/details/circuit").asText();
    }

    private void slowDown(String tenant, String seconds) {
        execute(url, "alter table filestream.multimedia_file rename to row");
        execute(url, ("create view filestream.multimedia_file as select tenant_id, id, object_key || case tenant_id"
                + " when '%s' then pg_sleep(%s)::text else '' end as object_key from filestream.row")
                        .formatted(tenant, seconds));
    }

    private void undo() {
        execute(url, "drop view filestream.multimedia_file");
        execute(url, "alter table filestream.row rename to multimedia_file");
    }

    /** The database ends a statement after 2 s. */
    @Test
    void statementsOfOneTenantThatTimeOutOpenItsOwnCircuitOnly() {
        insert("stuck", "1", "'films/a.txt'");
        insert("demo", "beside", "'films/a.txt'");
        slowDown("stuck", "60");
        String[] stuck = credentials(TestTokens.session().claim("tenantId", "stuck"));

        await().atMost(Duration.ofMinutes(1)).until(() -> {
            OwnThread.each(REQUESTS, client -> stage.api().download(request(BRANCH, "1"), stuck))
                    .forEach(CompletableFuture::join);
            return circuit().equals("open for tenant stuck");
        });

        assertThat(stage.api().download(request(BRANCH, "1"), stuck).text()).isEqualTo(DOWNLOAD_FAILED);
        assertThat(download("beside")).isEqualTo(success(FILM));
        undo();
    }
}
