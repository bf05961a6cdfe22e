package org.ccmessaging.filestream.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.OwnThread;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.mock.env.MockEnvironment;

/** Lookups in the company's own tables and views, whose parameters are texts as in a route. */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.library", texts = "fails lookups")
class OwnTableTest {

    private final Map<String, Catalogue> catalogues = new LinkedHashMap<>();
    private final Map<String, JdbcTemplate> administrators = new HashMap<>();
    private EmbeddedPostgres postgres;

    @BeforeAll
    void start() throws Exception {
        postgres = EmbeddedPostgres.builder().start();
        add("PostgreSQL", postgres.getJdbcUrl("postgres", "postgres"), "postgres");
        add("H2", "jdbc:h2:mem:films;DB_CLOSE_DELAY=-1", "sa");
    }

    private void add(String name, String url, String user) {
        Database database = new Database(new MockEnvironment().withProperty("spring.datasource.url", url)
                .withProperty("spring.datasource.username", user));
        Catalogue catalogue = new Catalogue(database, database.pool(), false);
        catalogues.put(name, catalogue);
        administrators.put(name, new JdbcTemplate(new DriverManagerDataSource(url, user, "")));
        await().until(() -> catalogue.probe("library.catalogue") == null);
    }

    @AfterAll
    void stop() throws Exception {
        catalogues.values().forEach(Catalogue::close);
        postgres.close();
    }

    @ParameterizedTest
    @CsvSource({"PostgreSQL, integer, 117, 118", "PostgreSQL, bigint, 1179725658739559425, 99999999999999999999",
        "PostgreSQL, 'numeric(20)', 117, 118",
        "PostgreSQL, uuid, 0fb5f5a6-54a1-4f3c-8f6f-1a4d8a3f0b11, 0fb5f5a6-54a1-4f3c-8f6f-1a4d8a3f0b12",
        "H2, bigint, 1179725658739559425, 99999999999999999999",
        "H2, uuid, 0fb5f5a6-54a1-4f3c-8f6f-1a4d8a3f0b11, 0fb5f5a6-54a1-4f3c-8f6f-1a4d8a3f0b12"})
    void idOfAColumnOfNumbersOrUuidsIsFoundAndAnotherTextIsUnknown(String name, String type, String id, String none) {
        JdbcTemplate routes = new JdbcTemplate(catalogues.get(name));
        administrators.get(name).execute("drop table if exists films");
        administrators.get(name).execute("create table films (film_id " + type + ", path varchar(100))");
        administrators.get(name).execute("insert into films values ('" + id + "', 'a.mp4')");

        assertThat(path(routes, id)).isEqualTo("a.mp4");
        assertThat(path(routes, none)).isNull();
        assertThat(path(routes, "films/a.mp4")).isNull();
        assertThat(path(routes, id)).as("with an unbroken connection").isEqualTo("a.mp4");
    }

    /** Returns null where route look-up-sql fails with 401. */
    private static String path(JdbcTemplate routes, String id) {
        try {
            return routes.queryForList("select path from films where film_id = ?", String.class, id).stream()
                    .findFirst().orElse(null);
        } catch (DataIntegrityViolationException cannotBeCompared) {
            return null;
        }
    }

    @Test
    void statementThatIsWrongIsNotADatabaseThatCannotBeReached() {
        add("another pool", postgres.getJdbcUrl("postgres", "postgres"), "postgres");
        JdbcTemplate routes = new JdbcTemplate(catalogues.get("another pool"));

        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> routes.queryForList("select path from nowhere where id = ?", "1"))
                    .as("lookup " + i)
                    .isInstanceOf(DataAccessException.class)
                    .extracting(Cause::of).isEqualTo(Cause.OTHER);
        }
        assertThatThrownBy(() -> routes.queryForList("select path from nowhere where id = ?", "1"))
                .as("with an open circuit")
                .hasMessageContaining("relation \"nowhere\" does not exist");
    }

    private String lookUp(String name, String statement, Object... parameters) {
        return new JdbcTemplate(catalogues.get(name)).query(statement,
                rows -> rows.next() ? rows.getObject(1).toString() : null, parameters);
    }

    private void view(String name, String select) {
        administrators.get(name).execute("create or replace view seen as select " + select);
    }

    /** What one tenant's lookup leaves in a session would be another tenant's. */
    @Test
    void lookupFindsNothingOfTheOneBefore() {
        view("PostgreSQL", "set_config('kept.file', 'file of b', false)::varchar(9) || pg_advisory_lock(1)::text as a");
        assertThat(lookUp("PostgreSQL", "select a from seen")).isEqualTo("file of b");
        view("PostgreSQL", "coalesce(current_setting('kept.file', true), '')"
                + " || (select count(*) from pg_locks where locktype = 'advisory')"
                + " || current_setting('application_name') || current_setting('statement_timeout') as a");
        for (int i = 0; i < 5; i++) {
            assertThat(lookUp("PostgreSQL", "select a from seen")).isEqualTo("0ccmessaging-filestream2s");
        }

        view("H2", "session_id() as a");
        assertThat(Stream.generate(() -> lookUp("H2", "select a from seen")).limit(5)).doesNotHaveDuplicates();
    }

    @Test
    void lookupChangesNothing() {
        administrators.get("PostgreSQL").execute("create table if not exists kept (a text); create or replace function"
                + " keep() returns text language sql as $$insert into kept values ('file of b') returning a$$");
        view("PostgreSQL", "keep() as a");

        assertThatThrownBy(() -> lookUp("PostgreSQL", "select a from seen"))
                .hasMessageContaining("cannot execute INSERT in a read-only transaction");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"PostgreSQL | pg_sleep(600)::text as a",
        "H2 | sum(sqrt(\"X\")) as a from system_range(1, 100000000000)"})
    void lookupThatDoesNotEndIsEndedWithinTwoSeconds(String name, String select) {
        view(name, select);
        // As many as the pool has connections: each must come back.
        assertThat(OwnThread.each(10, client -> assertThatThrownBy(() -> lookUp(name, "select a from seen"))
                .isInstanceOf(DataAccessException.class)))
                .allSatisfy(lookup -> assertThat(lookup).succeedsWithin(Duration.ofSeconds(10)));
        view(name, "'found' as a");
        await().ignoreExceptions().until(() -> lookUp(name, "select a from seen").equals("found"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PostgreSQL", "H2"})
    void lookupGivesOneShortText(String name) throws Exception {
        administrators.get(name).execute("drop table if exists texts");
        administrators.get(name).execute("create table texts (id integer, a varchar(2000), n numeric(5, 2))");
        administrators.get(name).execute("insert into texts values (1, '" + "x".repeat(1024) + "', 1.5), (2, '"
                + "x".repeat(1025) + "', 2), (3, '3', 2), (3, '3', 2), (3, '3', 2)");

        assertThat(lookUp(name, "select a from texts where id = ?", 1)).hasSize(1024);
        assertThat(lookUp(name, "select n from texts where id = ?", 1)).isEqualTo("1.50");
        assertThatThrownBy(() -> lookUp(name, "select a from texts where id = ?", 2))
                .isInstanceOf(DataIntegrityViolationException.class).hasMessageContaining("at most 1024 characters");
        assertThatThrownBy(() -> lookUp(name, "select a, n from texts where id = ?", 1))
                .hasMessage("a lookup selects one column");
        assertThat(new JdbcTemplate(catalogues.get(name)).queryForList("select a from texts where id = ?", 3))
                .hasSize(2);
    }

    /** A statement may hand its parameters from function to function, in each row. */
    @ParameterizedTest
    @ValueSource(strings = {"PostgreSQL", "H2"})
    void lookupTakesShortTexts(String name) {
        view(name, "'found' as a");
        String statement = "select a from seen where a <> ? and a <> ? and a <> ? and a <> ? and a <> ?";

        assertThat(lookUp(name, statement, "x".repeat(1024), "x".repeat(1024), "x".repeat(1024), "x".repeat(1023), "x"))
                .isEqualTo("found");
        for (Object[] parameters : new Object[][] {{"x".repeat(1025), "", "", "", ""},
                {"x".repeat(1024), "x".repeat(1024), "x".repeat(1024), "x".repeat(1024), "x"},
                {Map.of("a", "b"), "", "", "", ""}, {new byte[9], "", "", "", ""}}) {
            assertThatThrownBy(() -> lookUp(name, statement, parameters))
                    .isInstanceOf(DataIntegrityViolationException.class)
                    .hasMessageContaining("a lookup takes texts of at most 1024 characters");
        }
        assertThat(lookUp(name, "select a from seen")).as("with an unbroken connection").isEqualTo("found");
    }

    /** Routes have no other way to the database than the connection that gives lookups. */
    @ParameterizedTest
    @ValueSource(strings = {"PostgreSQL", "H2"})
    void connectionOfALookupRunsNothingElse(String name) throws Exception {
        assertThatThrownBy(() -> lookUp(name, "select a from (select 1 a)"))
                .isInstanceOf(InvalidDataAccessResourceUsageException.class)
                .extracting(Cause::of).isEqualTo(Cause.OTHER);
        try (Connection connection = catalogues.get(name).getConnection()) {
            assertThatThrownBy(connection::createStatement).isInstanceOf(InvalidDataAccessResourceUsageException.class);
            assertThatThrownBy(() -> connection.prepareCall("call a()"))
                    .isInstanceOf(InvalidDataAccessResourceUsageException.class);
            assertThatThrownBy(() -> connection.prepareStatement("select 1", Statement.RETURN_GENERATED_KEYS))
                    .isInstanceOf(InvalidDataAccessResourceUsageException.class);
        }
        assertThatThrownBy(() -> catalogues.get(name).unwrap(HikariDataSource.class)).isInstanceOf(SQLException.class);
    }
}
