package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.TestIssuer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;

/** {@code doctor} reports each part of the service, and what to do about one that fails. */
@Tag("service")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.auth", texts = "cannot be fetched")
@ExpectedErrors.Of(logger = "org.springframework.boot.diagnostics", texts = "APPLICATION FAILED TO START")
class DoctorTest {

    private static final String DATABASE = "jdbc:h2:mem:doctor;DB_CLOSE_DELAY=-1";

    @AutoClose
    private final TestIssuer issuer = issuer();

    @TempDir
    private Path folder;

    private static TestIssuer issuer() {
        try {
            return new TestIssuer();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void partsThatWorkAreOkAndTheCatalogueGetsNoTable() {
        Doctor doctor = Doctor.run(Map.of("filestream.auth.access-token.issuer-uri", issuer.uri(),
                "filestream.library.catalogue", "sql", "spring.datasource.url", DATABASE,
                "spring.datasource.username", "sa"));

        assertThat(doctor.of("local")).containsExactly("ok there");
        assertThat(doctor.of("keys")).singleElement().asString().startsWith("ok UP {")
                .contains(issuer.uri() + "=");
        assertThat(doctor.of("routes")).containsExactly("ok 12 files, 0 errors");
        assertThat(doctor.of("library.catalogue")).containsExactly("ok there");
        assertThat(new JdbcTemplate(new DriverManagerDataSource(DATABASE, "sa", "")).queryForList(
                "select 1 from information_schema.schemata where schema_name = 'filestream'")).isEmpty();
        assertThat(doctor.output().lines()).hasSize(7);
        assertThat(doctor.status()).isZero();
    }

    @Test
    void partsThatFailAreBrokenWithTheirAdvice() throws Exception {
        FileSystemUtils.copyRecursively(Path.of("routes"), folder);
        Path frame = folder.resolve("download-file-stream.camel.yaml");
        Files.writeString(frame, Files.readString(frame).replace("ref: authenticate", "ref: authentikate"));
        issuer.down(true);
        Doctor doctor = Doctor.run(Map.of("filestream.auth.jwk-set-uri", issuer.keySet(),
                "filestream.storage.archive.type", "filesystem", "filestream.storage.archive.root", "nowhere",
                "filestream.storage.archive.key", "${variable.tenantId}/${variable.objectKey}",
                "filestream.routes.directory", folder, "filestream.library.catalogue", "sql",
                "spring.datasource.url", "jdbc:postgresql://127.0.0.1:9/films"));

        assertThat(doctor.of("library.catalogue")).singleElement().asString()
                .startsWith("broken Connection to 127.0.0.1:9 refused").contains("-> Start the database");
        assertThat(doctor.of("keys")).singleElement().asString().startsWith("broken ")
                .contains("503 for URL: " + issuer.keySet());
        assertThat(doctor.of("archive")).singleElement().asString().startsWith("broken no readable folder at ")
                .endsWith("-> Set filestream.storage.archive.root to a folder that the service's user can read");
        assertThat(doctor.of("routes")).singleElement().asString().startsWith("broken ")
                .contains("no bean \"authentikate\"").endsWith("-> `routes check` lists all");
        assertThat(doctor.status()).isEqualTo(1);
    }

    @Test
    void wrongSettingOrOptionIsNamedAndNothingIsTried() {
        Doctor unknown = Doctor.run(Map.of("filestream.downlod.max-in-flight", 3));
        assertThat(unknown.output()).startsWith("doctor: ").contains("filestream.downlod.max-in-flight");
        assertThat(unknown.status()).isEqualTo(Commands.COULD_NOT_RUN);

        Doctor folderOfFiles = Doctor.run(Map.of(), "--object", "local/a.txt");
        assertThat(folderOfFiles.output()).contains("--object local/a.txt is not a branch of type s3");
        assertThat(folderOfFiles.status()).isEqualTo(Commands.COULD_NOT_RUN);
    }
}
