package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.OBJECT_KEY_MISSING;
import static org.ccmessaging.filestream.support.Outcomes.success;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract sections 3 and 4.1 for a library with a catalogue, which is a database in memory here. */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream", texts = "fails lookups")
class CatalogueContractTest {

    static final String BRANCH = "multimedia-library";
    static final byte[] FILM = Stage.content(3000);

    @AutoClose
    Stage stage;
    String url;

    /** The database, and its user. */
    Map<String, String> startDatabase() throws Exception {
        return Map.of("spring.datasource.url", "jdbc:h2:mem:catalogue;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1",
                "spring.datasource.username", "sa");
    }

    @BeforeAll
    void start() throws Exception {
        Map<String, String> database = startDatabase();
        url = database.get("spring.datasource.url");
        Map<String, Object> settings = new HashMap<>();
        settings.put("filestream.library.catalogue", "sql");
        settings.put("filestream.library.cache", "1s");
        settings.putAll(database);
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
        try (Connection connection = DriverManager.getConnection(url, url.contains("h2") ? "sa" : "postgres", "");
                Statement one = connection.createStatement()) {
            one.execute(statement);
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private void insert(String tenant, String id, String key) {
        execute(url, "insert into filestream.multimedia_file values ('%s', '%s', %s)".formatted(tenant, id, key));
    }

    String download(String id) {
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
}
