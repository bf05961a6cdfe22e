package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code doctor} finds at a catalogue of the company's own, whose statement is that of the shipped route. */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoctorOfCatalogueTest {

    private static final String TABLE = "filestream.multimedia_file";

    @AutoClose
    private final EmbeddedPostgres postgres = postgres();

    private static EmbeddedPostgres postgres() {
        try {
            return EmbeddedPostgres.start();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private void execute(String url, String... statements) {
        try (Connection connection = DriverManager.getConnection(url, url.contains("h2") ? "sa" : "postgres", "")) {
            for (String statement : statements) {
                connection.createStatement().execute(statement);
            }
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private String url(String database) {
        return database.equals("H2") ? "jdbc:h2:mem:doctor;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1"
                : "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres";
    }

    private Doctor examined(String url, String user) {
        return Doctor.json(Map.of("filestream.library.catalogue", "sql", "filestream.library.migrate", false,
                "spring.datasource.url", url, "spring.datasource.username", user, "spring.datasource.password", "",
                "filestream.routes.directory", "routes"));
    }

    @BeforeEach
    void createTables() {
        for (String database : List.of("H2", "PostgreSQL")) {
            execute(url(database), "create schema if not exists filestream", "drop table if exists " + TABLE,
                    "create table " + TABLE + " (tenant_id varchar(60), id bigint, object_key varchar(100))");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"H2", "PostgreSQL"})
    void statementOfTheRouteIsPlanned(String database) {
        Doctor doctor = examined(url(database), database.equals("H2") ? "sa" : "postgres");

        assertThat(doctor.of("database")).containsExactly("ok connection: there",
                "ok look-up-sql: planned");
        assertThat(doctor.status()).isZero();
    }

    @Test
    void userWithoutTheRightToSelectIsBroken() {
        String url = url("PostgreSQL");
        execute(url, "drop user if exists routes", "create user routes", "grant usage on schema filestream to routes");
        Doctor doctor = examined(url, "routes");
        execute(url, "drop owned by routes");

        assertThat(doctor.of("database")).last().asString().startsWith("broken look-up-sql: ").contains("permission");
        assertThat(doctor.status()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"jdbc:postgresql://127.0.0.1:9/films, broken connection: ",
        "'', 'broken connection: spring.datasource.url = '"})
    void databaseThatIsDownOrHasNoUrlIsBroken(String url, String finding) {
        Doctor doctor = examined(url, "routes");

        assertThat(doctor.of("database")).singleElement().asString().startsWith(finding);
        assertThat(doctor.status()).isEqualTo(1);
    }
}
