package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
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

    @TempDir
    private Path folder;

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

    private Doctor examined(String url, String user, boolean migrate) {
        return examined(url, user, migrate, Path.of("routes"));
    }

    private Doctor examined(String url, String user, boolean migrate, Path routes) {
        return Doctor.json(Map.of("filestream.library.catalogue", "sql", "filestream.library.migrate", migrate,
                "spring.datasource.url", url, "spring.datasource.username", user, "spring.datasource.password", "",
                "filestream.routes.directory", routes));
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
    void statementOfTheRouteIsPlannedWithAScanUntilThereIsAnIndex(String database) {
        String user = database.equals("H2") ? "sa" : "postgres";
        Doctor scanned = examined(url(database), user, false);
        assertThat(scanned.of("database")).contains("warn look-up-sql: planned with a scan of the table");
        assertThat(scanned.status()).isZero();

        execute(url(database), "create index of_look_ups on " + TABLE + " (tenant_id, id)");
        assertThat(examined(url(database), user, false).of("database"))
                .contains("ok look-up-sql: planned with an index");
    }

    /** A driver may run what follows the statement that it plans. */
    @ParameterizedTest
    @ValueSource(strings = {"H2", "PostgreSQL"})
    void statementThatIsNotALookupIsBrokenAndDoesNotReachTheDatabase(String database) throws Exception {
        OwnRoutes routes = new OwnRoutes(folder);
        routes.replace("look-up-sql", "query: ", "query: select 1; create table filestream.made (a int); ");

        Doctor doctor = examined(url(database), database.equals("H2") ? "sa" : "postgres", false, routes.folder());

        assertThat(doctor.of("database")).last().asString()
                .startsWith("broken look-up-sql: \"; create table filestream.made");
        assertThat(doctor.status()).isEqualTo(1);
        execute(url(database), "create table filestream.made (a int)", "drop table filestream.made");
    }

    @Test
    void userThatMayMoreThanSelectIsNamedWithTheTable() {
        String url = url("PostgreSQL");
        execute(url, "drop user if exists routes", "create user routes", "grant usage on schema filestream to routes",
                "grant select on " + TABLE + " to routes");
        assertThat(examined(url, "routes", false).of("database")).contains("ok rights: the user may change no table");

        execute(url, "grant insert on " + TABLE + " to routes");
        assertThat(examined(url, "routes", false).of("database")).contains("warn rights: the user may change " + TABLE);

        execute(url, "drop owned by routes");
        Doctor refused = examined(url, "routes", false);
        assertThat(refused.of("database")).last().asString().startsWith("broken look-up-sql: ").contains("permission");
        assertThat(refused.status()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"jdbc:postgresql://127.0.0.1:9/films, broken connection: ",
        "'', 'broken attempt: spring.datasource.url = '"})
    void databaseThatIsDownOrHasNoUrlIsBroken(String url, String finding) {
        Doctor doctor = examined(url, "routes", false);

        assertThat(doctor.of("database")).singleElement().asString().startsWith(finding);
        assertThat(doctor.status()).isEqualTo(1);
    }

    @Test
    void fileOfTheServiceIsNotCreated() throws Exception {
        Doctor doctor = examined("jdbc:h2:file:" + folder.resolve("library"), "sa", true);

        assertThat(doctor.of("database")).containsExactly("ok connection: the service creates the file when it starts");
        assertThat(Files.list(folder)).isEmpty();
    }
}
