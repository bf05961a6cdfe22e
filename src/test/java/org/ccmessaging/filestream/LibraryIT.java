package org.ccmessaging.filestream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.success;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.support.JarProcess;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** The catalogue of the library in the packaged jar, without a database of the installation. */
@Tag("jar")
class LibraryIT {

    private static final byte[] FILM = Stage.content(3000);

    @TempDir
    private Path folder;

    private int status;

    private String run(String... arguments) throws Exception {
        ProcessBuilder command = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m", "-jar", Path.of(System.getProperty("packaged.jar")).toAbsolutePath().toString(), "library");
        command.command().addAll(List.of(arguments));
        Process process = command.directory(folder.toFile()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        status = process.waitFor();
        return output;
    }

    @Test
    void importedRowIsListedAndServedAndRoutesMayOnlySelect() throws Exception {
        FileSystemUtils.copyRecursively(Path.of("routes"), folder.resolve("routes"));
        Files.createDirectories(folder.resolve("library/demo/films"));
        Files.write(folder.resolve("library/demo/films/a.txt"), FILM);
        Path csv = Files.writeString(folder.resolve("rows.csv"),
                "tenant_id,id,object_key\ndemo,1,films/a.txt\ndemo,,x\n");

        assertThat(run("import", csv.toString())).contains("line 3: no id", "1 rows imported, 1 refused");
        assertThat(status).isEqualTo(1);
        assertThat(run("list")).contains("\"demo\",\"1\",\"films/a.txt\"");

        assertServes();
        try (Connection routes = DriverManager.getConnection("jdbc:h2:file:" + folder.resolve("data/library")
                + ";DATABASE_TO_LOWER=TRUE", "routes", "")) {
            assertThatThrownBy(() -> routes.createStatement().execute("select file_read('rows.csv')"))
                    .isInstanceOf(SQLException.class).hasMessageContaining("Admin rights");
        }
    }

    private void assertServes() throws IOException {
        Map<String, Object> settings = new HashMap<>();
        settings.put("server.port", 0);
        settings.put("management.server.port", 0);
        settings.put("filestream.auth.signing-key", Service.SIGNING_KEY);
        settings.put("filestream.library.catalogue", "sql");
        settings.put("filestream.storage.multimedia-library.type", "filesystem");
        settings.put("filestream.storage.multimedia-library.root", "library");
        settings.put("filestream.storage.standard.type", "filesystem");
        try (JarProcess service = JarProcess.launch(settings, folder)) {
            await().atMost(Duration.ofMinutes(2)).until(() ->
                    service.output().contains("Started FileStreamApplication"));
            // The first lookup of a process may take longer than a lookup may, beside other processes.
            await().untilAsserted(() -> assertThat(service.api().download(request("multimedia-library", "1")).text())
                    .isEqualTo(success(FILM)));
            assertThat(service.output()).as("no warning of Flyway").doesNotContain("org.flywaydb");
        }
    }
}
