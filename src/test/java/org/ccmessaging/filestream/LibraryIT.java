package org.ccmessaging.filestream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.success;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.ccmessaging.filestream.library.CatalogueDatabase;
import org.ccmessaging.filestream.support.JarProcess;
import org.ccmessaging.filestream.support.Stage;
import org.h2.Driver;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;

/** The catalogue of the library in the packaged jar. Its database is a file of H2, whose driver is in {@code lib/}. */
@Tag("jar")
class LibraryIT {

    private static final byte[] FILM = Stage.content(3000);

    @TempDir
    private Path folder;

    @Test
    void rowOfTheCatalogueLeadsToItsFile() throws Exception {
        FileSystemUtils.copyRecursively(Path.of("routes"), folder.resolve("routes"));
        Files.createDirectories(folder.resolve("library/demo/films"));
        Files.write(folder.resolve("library/demo/films/a.txt"), FILM);
        Path driver = Path.of(Driver.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Files.copy(driver, Files.createDirectory(folder.resolve("lib")).resolve("h2.jar"));
        String url = "jdbc:h2:file:" + folder.resolve("catalogue") + ";DATABASE_TO_LOWER=TRUE";
        CatalogueDatabase.createTable(url, "sa");
        new JdbcTemplate(new DriverManagerDataSource(url, "sa", ""))
                .update("insert into filestream.multimedia_file values ('demo', '1', 'films/a.txt')");
        Map<String, Object> settings = new HashMap<>();
        settings.put("filestream.library.catalogue", "sql");
        settings.put("spring.datasource.url", url);
        settings.put("spring.datasource.username", "sa");
        settings.put("filestream.storage.multimedia-library.type", "filesystem");
        settings.put("filestream.storage.multimedia-library.root", "library");
        settings.put("filestream.storage.standard.type", "filesystem");
        try (JarProcess service = JarProcess.start(settings, folder)) {
            // The first lookup of a process may take longer than a lookup may, beside other processes.
            await().untilAsserted(() -> assertThat(service.api().download(request("multimedia-library", "1")).text())
                    .isEqualTo(success(FILM)));
            assertThat(service.output()).as("no warning of Flyway").doesNotContain("org.flywaydb");
        }
    }
}
