package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.DOWNLOAD_FAILED;
import static org.ccmessaging.filestream.support.Outcomes.FILE_SERVICE_REFUSED;
import static org.ccmessaging.filestream.support.Outcomes.OBJECT_KEY_MISSING;
import static org.ccmessaging.filestream.support.Outcomes.success;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.ccmessaging.filestream.support.Unguarded;
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

    private static final String BRANCH = "multimedia-library";
    private static final byte[] FILM = Stage.content(3000);

    private String url;
    @AutoClose
    private Stage stage;

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
        stage = new Stage(Stage.Kind.FILESYSTEM, settings, Unguarded.class);
        stage.put(BRANCH, "films/a.txt", FILM);
        stage.put(BRANCH, "117", "an object under an ID".getBytes());
        stage.put("local", "hello.txt", FILM);
        stage.putAt(BRANCH, "other/secret.txt", Stage.CANARY.getBytes());
        await().until(() -> stage.health("library.catalogue").path("status").asText().equals("UP"));
        insert("demo", "1", "'films/a.txt'");
        insert("demo", "no-key", "null");
        insert("demo", "blank", "' '");
        insert("demo", "missing", "'films/missing.txt'");
        insert("demo", "outside", "'../other/secret.txt'");
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

    private String download(String id) {
        return stage.api().download(request(BRANCH, id)).text();
    }

    @Test
    void catalogueNamesTheKeyOfAnId() {
        assertThat(download("1")).isEqualTo(success(FILM));
        assertThat(download("1")).isEqualTo(success(FILM));
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

    @ParameterizedTest
    @ValueSource(strings = {"missing", "outside"})
    void keyWithoutAnObjectIsRefusedByTheFileService(String id) {
        assertThat(download(id)).isEqualTo(FILE_SERVICE_REFUSED);
    }

    @Test
    void tenantDoesNotGetTheRowsOfAnother() {
        String[] other = credentials(TestTokens.access().sign(),
                TestTokens.session().claim("tenantId", "other").sign());

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

    @Test
    void newRowIsSeenAfterItsIdWasUnknown() {
        assertThat(download("new")).isEqualTo(OBJECT_KEY_MISSING);
        insert("demo", "new", "'films/a.txt'");

        await().atMost(Duration.ofSeconds(10)).until(() -> download("new").equals(success(FILM)));
    }

    /** Statements that keep a text in the session of the database, and that find it, by the driver of an URL. */
    private static final Map<Boolean, String[][]> KEPT = Map.of(
            true, new String[][] {{"set @f = 'films/a.txt'", "select @f"},
                {"create local temporary table f as select 'films/a.txt' c", "select c from f"}},
            false, new String[][] {{"select set_config('a.f', 'films/a.txt', false)", "select current_setting('a.f')"},
                {"create temporary table f as select 'films/a.txt' c", "select c from f"}});

    /** Adds a route that no check has seen, whose object key is the result of a statement, and returns its path. */
    private String entry(String statement) throws Exception {
        String name = "e" + statement.hashCode();
        Unguarded.load(stage.service().bean(CamelContext.class), name, """
                - route:
                    id: N
                    routeConfigurationId: result-codes
                    from:
                      uri: platform-http:/catalogue/N
                      steps:
                        - process: {id: authenticate-N, ref: authenticate}
                        - setVariable: {id: branch-N, name: branch, constant: multimedia-library}
                        - to:
                            id: select-N
                            uri: sql
                            parameters: {query: "STATEMENT", dataSource: "#dataSource", outputType: SelectOne}
                            variableReceive: objectKey
                        - process: {id: resolve-key-N, ref: resolveKey}
                        - to: {id: open-N, uri: "direct:read-filesystem"}
                        - process: {id: read-first-chunk-N, ref: readFirstChunk}
                        - setHeader: {id: set-success-N, name: resultCode, constant: "0"}
                        - marshal: {id: encode-N, base64: {lineLength: 0}}
                        - process: {id: respond-N, ref: respond}
                """.replaceAll("\\bN\\b", name).replace("STATEMENT", statement));
        return "/catalogue/" + name;
    }

    private String post(String path) {
        return new Api(stage.api().base()).post(path, new byte[0], credentials()).text();
    }

    @Test
    void noStatementLeavesATextForTheNextRequest() throws Exception {
        assertThat(post(entry("select object_key from filestream.multimedia_file where id = '1'")))
                .isEqualTo(success(FILM));
        for (String[] pair : KEPT.get(url.contains("h2"))) {
            String keep = entry(pair[0]);
            String find = entry(pair[1]);
            for (int i = 0; i < 3; i++) {
                post(keep);
                assertThat(post(find)).as(pair[0]).isEqualTo(DOWNLOAD_FAILED);
            }
        }
    }

    @Test
    void statementsThatDoNotEndTakeNeitherThreadsNorConnections() throws Exception {
        execute(url, "create view endless as select cast(sum(x) as varchar(40)) as c from "
                + (url.contains("h2") ? "system_range" : "generate_series") + "(1, 100000000000) r(x)");
        String path = entry("select c from endless");

        List<CompletableFuture<String>> endless = Stream.generate(() -> OwnThread.supply(() -> post(path))).limit(10)
                .toList();

        assertThat(endless).allSatisfy(lookup -> assertThat(lookup.get(30, TimeUnit.SECONDS))
                .isEqualTo(DOWNLOAD_FAILED));
        await().until(() -> download("1").equals(success(FILM)));
    }
}
