package org.ccmessaging.filestream.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ccmessaging.filestream.support.OwnThread;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Lookups in the company's own tables and views, whose parameters are texts as in a route. */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnTableTest {

    private final Map<String, HikariDataSource> pools = new LinkedHashMap<>();
    private final Map<String, JdbcTemplate> administrators = new HashMap<>();
    private EmbeddedPostgres postgres;

    @BeforeAll
    void start() throws Exception {
        postgres = EmbeddedPostgres.builder().start();
        add("PostgreSQL", postgres.getJdbcUrl("postgres", "postgres"), "postgres");
        add("H2", "jdbc:h2:mem:films;DB_CLOSE_DELAY=-1", "sa");
    }

    private void add(String name, String url, String user) {
        pools.put(name, CatalogueDatabase.pool(url, user));
        administrators.put(name, new JdbcTemplate(new DriverManagerDataSource(url, user, "")));
    }

    @AfterAll
    void stop() throws Exception {
        pools.values().forEach(HikariDataSource::close);
        postgres.close();
    }

    @ParameterizedTest
    @CsvSource({"PostgreSQL, integer, 117, 118", "PostgreSQL, bigint, 1179725658739559425, 99999999999999999999",
        "PostgreSQL, 'numeric(20)', 117, 118",
        "PostgreSQL, uuid, 0fb5f5a6-54a1-4f3c-8f6f-1a4d8a3f0b11, 0fb5f5a6-54a1-4f3c-8f6f-1a4d8a3f0b12",
        "H2, bigint, 1179725658739559425, 99999999999999999999",
        "H2, uuid, 0fb5f5a6-54a1-4f3c-8f6f-1a4d8a3f0b11, 0fb5f5a6-54a1-4f3c-8f6f-1a4d8a3f0b12"})
    void idOfAColumnOfNumbersOrUuidsIsFoundAndAnotherTextIsUnknown(String name, String type, String id, String none) {
        JdbcTemplate routes = new JdbcTemplate(pools.get(name));
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

    private String lookUp(String name, String statement, Object... parameters) {
        JdbcTemplate routes = new JdbcTemplate(pools.get(name));
        routes.setQueryTimeout(2);
        return routes.query(statement, rows -> rows.next() ? rows.getString(1) : null, parameters);
    }

    private void view(String name, String select) {
        administrators.get(name).execute("create or replace view seen as select " + select);
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
}
