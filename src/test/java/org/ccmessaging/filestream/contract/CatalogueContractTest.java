package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.DOWNLOAD_FAILED;
import static org.ccmessaging.filestream.support.Outcomes.OBJECT_KEY_MISSING;
import static org.ccmessaging.filestream.support.Outcomes.success;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.URI;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer.Fault;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract sections 3 and 4.1: a catalogue in PostgreSQL, which is silent at first, and later sound and broken. */
@Tag("service")
@TestMethodOrder(OrderAnnotation.class)
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream", texts = {
    "The catalogue of the multimedia library fails lookups", "Storage of branch library.catalogue is down"})
class CatalogueContractTest {

    private static final String BRANCH = "multimedia-library";
    /** By it, the lines of this class are told from those of services that run beside it. */
    private static final String CHANNEL = "dead-catalogue";
    private static final byte[] FILM = Stage.content(3000);

    @AutoClose
    private static EmbeddedPostgres postgres;
    @AutoClose
    private static FaultyServer link;
    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.builder().start();
        link = new FaultyServer(URI.create("http://127.0.0.1:" + postgres.getPort()));
        link.breakAfter(0, Fault.SILENCE);
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.library.catalogue", "sql",
                "filestream.library.cache", "0s", "filestream.health.probe-interval", "1s",
                "spring.datasource.url", "jdbc:postgresql://127.0.0.1:" + link.endpoint().getPort() + "/postgres",
                "spring.datasource.username", "postgres"));
        stage.put(BRANCH, "films/a.txt", FILM);
        stage.put(BRANCH, "117", "an object under an ID".getBytes());
        stage.putAt(BRANCH, "other/secret.txt", Stage.CANARY.getBytes());
        stage.put("local", "hello.txt", FILM);
    }

    private String download(String branch, String id) {
        return stage.api().download(request(branch, id), credentials(TestTokens.session().claim("channelId", CHANNEL)))
                .text();
    }

    private boolean isServed() {
        return download(BRANCH, "1").equals(success(FILM));
    }

    private void awaitHealth(String status) {
        await().atMost(Duration.ofSeconds(30)).until(() ->
                stage.health("library.catalogue").path("status").asText().equals(status));
    }

    /** Some at a time, since each may take all of the 2 s of a lookup, and the probe needs a connection too. */
    private void assertFailsUntilTheCircuitOpens() {
        for (int i = 0; i < 3; i++) {
            assertThat(OwnThread.each(5, client -> download(BRANCH, "1")))
                    .allSatisfy(lookup -> assertThat(lookup.join()).isEqualTo(DOWNLOAD_FAILED));
        }
        assertThat(download(BRANCH, "1")).isEqualTo(DOWNLOAD_FAILED);
    }

    @Test
    @Order(1)
    void serviceStartsWithASilentDatabaseAndMigratesItLater() throws Exception {
        AtomicBoolean ends = new AtomicBoolean();
        CompletableFuture<Void> local = OwnThread.run(() -> {
            while (!ends.get()) {
                assertThat(download("local", "hello.txt")).isEqualTo(success(FILM));
            }
        });
        assertFailsUntilTheCircuitOpens();
        ends.set(true);
        local.join();
        awaitHealth("DOWN");
        assertThat(stage.metrics()).contains("filestream_storage_up{branch=\"library.catalogue\"} 0.0")
                .containsPattern("filestream_downloads_total\\{.*cause=\"unreachable\"");
        assertThat(stage.service().management().get("/actuator/health/readiness").status()).isEqualTo(200);

        link.heal();
        link.drop();
        awaitHealth("UP");
        try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
            connection.createStatement().execute("insert into filestream.multimedia_file values"
                    + " ('demo', '1', 'films/a.txt'), ('demo', 'no-key', null), ('demo', 'blank', ' '),"
                    + " ('other', 'of-other', 'secret.txt')");
        }
        await().atMost(Duration.ofSeconds(30)).until(this::isServed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"117", "no-key", "blank", "of-other", "films/a.txt", "1' or '1'='1",
        "'; drop table filestream.multimedia_file; --", "${variable.tenantId}", ":#id", "?", "#", "a\0b"})
    @Order(2)
    void idWithoutAKeyIsNoObjectKey(String id) {
        assertThat(download(BRANCH, id)).isEqualTo(OBJECT_KEY_MISSING);
    }

    @Test
    @Order(2)
    void tenantDoesNotGetTheRowsOfAnother() {
        String[] other = credentials(TestTokens.session().claim("tenantId", "other"));

        assertThat(stage.api().download(request(BRANCH, "of-other"), other).text())
                .isEqualTo(success(Stage.CANARY.getBytes()));
        assertThat(stage.api().download(request(BRANCH, "1"), other).text()).isEqualTo(OBJECT_KEY_MISSING);
    }

    /** A table that is gone, a lock on it, and connections that the database ends, with a pattern of the reason. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "alter table filestream.multimedia_file rename to gone; commit | multimedia_file\" does not exist"
                + " | cause=\"other\" | alter table filestream.gone rename to multimedia_file; commit",
        "lock table filestream.multimedia_file in access exclusive mode"
                + " | time(d )?out | cause=\"unreachable\" | rollback",
        "create function filestream.stop() returns text language sql as"
                + " $$select pg_terminate_backend(pg_backend_pid())::text$$;"
                + " alter table filestream.multimedia_file rename to gone; create view filestream.multimedia_file as"
                + " select tenant_id, id, filestream.stop() as object_key from filestream.gone; commit"
                + " | terminating connection | cause=\"unreachable\" | drop view filestream.multimedia_file;"
                + " alter table filestream.gone rename to multimedia_file; commit"})
    @Order(3)
    void lookupsThatFailWithAConnectionOpenTheCircuitAndLogOneLine(String fault, String reason, String cause,
            String undo) throws Exception {
        await().atMost(Duration.ofSeconds(30)).until(this::isServed);
        try (LoggedLines lines = LoggedLines.ofAll();
                Connection other = postgres.getPostgresDatabase().getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().execute(fault);

            assertFailsUntilTheCircuitOpens();

            Predicate<String> hasReason = Pattern.compile(reason).asPredicate();
            assertThat(lines.texts()).filteredOn(text -> text.contains("fails lookups") && hasReason.test(text))
                    .singleElement().asString().startsWith("The catalogue of the multimedia library fails lookups");
            // A line follows its response: that of the last success may be here too, that of the last failure not yet.
            assertThat(lines.list()).filteredOn(line -> line.getLoggerName().equals("download"))
                    .extracting(line -> line.getKeyValuePairs().toString())
                    .filteredOn(line -> line.contains(CHANNEL) && line.contains("resultCode=\"13\"")).isNotEmpty()
                    .allMatch(line -> line.contains(cause) && hasReason.test(line));
            other.createStatement().execute(undo);
        }
        await().atMost(Duration.ofSeconds(30)).until(this::isServed);
    }
}
