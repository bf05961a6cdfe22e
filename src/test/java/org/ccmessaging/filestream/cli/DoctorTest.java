package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.ccmessaging.filestream.library.CatalogueDatabase;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.TestIssuer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** {@code doctor} reports each part of the service, and what to do about one that fails. */
@Tag("service")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.auth", texts = "cannot be fetched")
@ExpectedErrors.Of(logger = "org.springframework.boot.diagnostics", texts = "APPLICATION FAILED TO START")
class DoctorTest {

    private static final String DATABASE = "jdbc:h2:mem:doctor;DB_CLOSE_DELAY=-1";

    @AutoClose
    private TestIssuer issuer;

    @TempDir
    private Path folder;

    @BeforeEach
    void startIssuer() throws Exception {
        issuer = new TestIssuer();
    }

    @Test
    void partsThatWorkAreOkAndTheTableThatTheFirstStartMakesIsAWarning() {
        Doctor doctor = Doctor.run(Map.of("filestream.auth.access-token.issuer-uri", issuer.uri(),
                "filestream.library.catalogue", "SQL", "spring.datasource.url", DATABASE,
                "spring.datasource.username", "sa"));

        assertThat(doctor.of("local")).containsExactly("OK there");
        assertThat(doctor.of("identity")).singleElement().asString().startsWith("OK key sets {")
                .contains(issuer.uri() + "=");
        assertThat(doctor.of("routes")).containsExactly("OK 12 files, 0 errors");
        assertThat(doctor.of("library.catalogue")).containsExactly("OK there", "warning step select-object-key: no"
                + " table filestream.multimedia_file -> The first start of the service creates it");
        assertThat(new JdbcTemplate(new DriverManagerDataSource(DATABASE, "sa", "")).queryForList(
                "select 1 from information_schema.schemata where schema_name = 'filestream'")).isEmpty();
        assertThat(doctor.status()).isZero();
    }

    @Test
    void routeFileThatCannotBeReadIsCriticalAndTheStoragesAreTriedAllTheSame() throws IOException {
        new OwnRoutes(folder);
        Files.createSymbolicLink(folder.resolve("gone.camel.yaml"), folder.resolve("nowhere"));
        Doctor doctor = Doctor.run(Map.of("filestream.routes.directory", folder));

        assertThat(doctor.of("local")).containsExactly("OK there");
        assertThat(doctor.of("routes")).singleElement().asString().startsWith("critical ").contains("gone.camel.yaml");
        assertThat(doctor.status()).isOne();
    }

    @Test
    void lookUpThatSelectsMoreThanTheObjectKeyIsCritical() throws IOException {
        String database = "jdbc:h2:mem:doctor-look-ups;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1";
        CatalogueDatabase.createTable(database, "sa");
        OwnRoutes routes = new OwnRoutes(folder);
        Map<String, Object> settings = Map.of("filestream.library.catalogue", "sql", "spring.datasource.url", database,
                "spring.datasource.username", "sa", "filestream.routes.directory", folder);

        assertThat(Doctor.run(settings).of("library.catalogue")).last()
                .isEqualTo("OK step select-object-key: selects 1 column");
        routes.replace("look-up-sql", "select object_key from", "select object_key, id from");
        assertThat(Doctor.run(settings).of("library.catalogue")).last().asString()
                .startsWith("critical step select-object-key: selects 2 columns -> Select the object key and nothing")
                .contains("look-up-sql.camel.yaml:");
        routes.replace("look-up-sql", "select object_key, id from", "select objectkey from");
        routes.add("own", """
                - from:
                    uri: direct:own
                    steps:
                      - to: {uri: "sql:classpath:own.sql", variableReceive: objectKey}
                      - to: {uri: sql, parameters: {query: "a", dataSource: "#elsewhere"}, variableReceive: objectKey}
                """);
        assertThat(Doctor.run(settings).of("library.catalogue")).hasSize(2).last().asString()
                .startsWith("critical step select-object-key: Column \"objectkey\" not found");
    }

    @Test
    void partsThatFailAreCriticalWithTheirAdvice() throws Exception {
        OwnRoutes routes = new OwnRoutes(folder);
        routes.replace("download-file-stream", "ref: authenticate", "ref: authentikate");
        issuer.down(true);
        Doctor doctor = Doctor.run(Map.of("filestream.auth.jwk-set-uri", issuer.keySet(),
                "filestream.storage.archive.type", "filesystem", "filestream.storage.archive.root", "nowhere",
                "filestream.storage.archive.key", "${variable.tenantId}/${variable.objectKey}",
                "filestream.routes.directory", folder, "filestream.library.catalogue", "sql",
                "spring.datasource.url", "jdbc:postgresql://127.0.0.1:9/films"));

        assertThat(doctor.of("library.catalogue")).singleElement().asString()
                .startsWith("critical Connection to 127.0.0.1:9 refused").contains("-> Start the database");
        assertThat(doctor.of("identity")).singleElement().asString().startsWith("critical ")
                .contains("503 for URL: " + issuer.keySet());
        assertThat(doctor.of("archive")).singleElement().asString().startsWith("critical no readable folder at ")
                .endsWith("-> Set filestream.storage.archive.root to a folder that the service's user can read");
        assertThat(doctor.of("routes")).singleElement().asString().startsWith("critical ")
                .contains("no bean \"authentikate\"").endsWith("-> `routes check` lists all");
        assertThat(doctor.status()).isEqualTo(1);
    }

    @Test
    void whatNobodyHasSetIsNamed() {
        // Otherwise the AWS SDK would look for a region in the network.
        System.setProperty("aws.disableEc2Metadata", "true");
        try {
            Doctor doctor = Doctor.run(Map.of("filestream.storage.archive.type", "s3",
                    "filestream.storage.archive.bucket", "films",
                    "filestream.storage.archive.key", "${variable.tenantId}/${variable.objectKey}"));

            assertThat(doctor.of("identity")).singleElement().asString()
                    .startsWith("warning nobody can fetch a token: there is no external issuer, and no app ");
            assertThat(doctor.of("archive")).singleElement().asString()
                    .startsWith("critical filestream.s3.region is not set: expected a region")
                    .contains("-> Correct config/application.yaml");
        } finally {
            System.clearProperty("aws.disableEc2Metadata");
        }
    }

    @Test
    void wrongSettingsAndOptionsAreNamedInTheirLinesAndNothingIsTried() {
        Doctor wrong = Doctor.run(Map.of("filestream.download.max-in-flight", 0,
                "filestream.download.max-in-flight-per-session", 0));
        assertThat(wrong.output().lines()).allMatch(line -> line.startsWith("doctor: "))
                .anyMatch(line -> line.endsWith("Property: filestream.download.maxInFlight"))
                .anyMatch(line -> line.endsWith("Property: filestream.download.maxInFlightPerSession"));
        assertThat(wrong.status()).isEqualTo(Commands.COULD_NOT_RUN);

        Doctor folderOfFiles = Doctor.run(Map.of(), "--object", "local/a.txt");
        assertThat(folderOfFiles.output())
                .contains("--object local/a.txt is not a branch of type s3", "no branch is of type s3");
        assertThat(folderOfFiles.status()).isEqualTo(Commands.COULD_NOT_RUN);
        Doctor withoutKey = Doctor.run(Map.of("filestream.log.id-key", ""), "--log-id", "alice");
        assertThat(withoutKey.output()).startsWith("--log-id needs filestream.log.id-key");
        assertThat(withoutKey.status()).isEqualTo(Commands.COULD_NOT_RUN);
    }
}
