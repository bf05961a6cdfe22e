package org.ccmessaging.filestream.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Duration;
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

    private EmbeddedPostgres postgres;
    private HikariDataSource pool;
    private JdbcTemplate administrator;

    @BeforeAll
    void start() throws Exception {
        postgres = EmbeddedPostgres.builder().start();
        String url = postgres.getJdbcUrl("postgres", "postgres");
        pool = CatalogueDatabase.pool(url, "postgres");
        administrator = new JdbcTemplate(new DriverManagerDataSource(url, "postgres", ""));
    }

    @AfterAll
    void stop() throws Exception {
        pool.close();
        postgres.close();
    }

    @ParameterizedTest
    @CsvSource({"bigint, 1179725658739559425, 99999999999999999999", "'numeric(20)', 117, 118",
        "uuid, 0fb5f5a6-54a1-4f3c-8f6f-1a4d8a3f0b11, 0fb5f5a6-54a1-4f3c-8f6f-1a4d8a3f0b12"})
    void idOfAColumnOfNumbersOrUuidsIsFoundAndAnotherTextIsUnknown(String type, String id, String none) {
        administrator.execute("drop table if exists films");
        administrator.execute("create table films (film_id " + type + ", path varchar(100))");
        administrator.execute("insert into films values ('" + id + "', 'a.mp4')");

        assertThat(path(id)).isEqualTo("a.mp4");
        assertThat(path(none)).isNull();
        assertThat(path("films/a.mp4")).isNull();
        assertThat(path(id)).as("with an unbroken connection").isEqualTo("a.mp4");
    }

    /** Returns null where route look-up-sql fails with 401. */
    private String path(String id) {
        try {
            return new JdbcTemplate(pool).queryForList("select path from films where film_id = ?", String.class, id)
                    .stream().findFirst().orElse(null);
        } catch (DataIntegrityViolationException cannotBeCompared) {
            return null;
        }
    }

    /** Selects the row of view {@code seen}. */
    private String seen() {
        JdbcTemplate routes = new JdbcTemplate(pool);
        routes.setQueryTimeout(2);
        return routes.queryForObject("select a from seen", String.class);
    }

    private void view(String select) {
        administrator.execute("create or replace view seen as select " + select);
    }

    @Test
    void lookupChangesNothing() {
        administrator.execute("create table if not exists kept (a text); create or replace function"
                + " keep() returns text language sql as $$insert into kept values ('file of b') returning a$$");
        view("keep() as a");

        assertThatThrownBy(this::seen)
                .hasMessageContaining("cannot execute INSERT in a read-only transaction");
    }

    @Test
    void lookupThatDoesNotEndIsEndedAndItsConnectionComesBack() {
        view("pg_sleep(600)::text as a");
        // As many as the pool has connections.
        assertThat(OwnThread.each(10, client -> assertThatThrownBy(this::seen).isInstanceOf(DataAccessException.class)))
                .allSatisfy(lookup -> assertThat(lookup).succeedsWithin(Duration.ofMinutes(1)));
        view("'found' as a");
        await().ignoreExceptions().until(() -> seen().equals("found"));
    }
}
