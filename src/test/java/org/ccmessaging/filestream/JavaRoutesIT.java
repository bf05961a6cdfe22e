package org.ccmessaging.filestream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.FILE_SERVICE_REFUSED;
import static org.ccmessaging.filestream.support.Outcomes.success;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.ccmessaging.filestream.library.CatalogueDatabase;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.JarProcess;
import org.ccmessaging.filestream.support.Stage;
import org.h2.Driver;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;

/**
 * The packaged jar loads from {@code lib/} the routes in Java DSL and the processors of {@code docs/editing-routes.md},
 * by an ordinary auto-configuration, and the driver of the catalogue's database (H2).
 */
@Tag("jar")
class JavaRoutesIT {

    private static final byte[] CONTENT = Stage.content(3000);
    private static final Pattern CLASS = Pattern.compile("(?s)```java\n(package com.example.files;\n)(.*?)```");
    private static final String IMPORTS = """
            import org.apache.camel.Processor;
            import org.apache.camel.builder.RouteBuilder;
            import org.ccmessaging.filestream.failure.FileServiceRefusedException;
            import org.ccmessaging.filestream.toolkit.DownloadRequest;
            import org.springframework.boot.autoconfigure.AutoConfiguration;
            import org.springframework.context.annotation.Bean;
            """;
    private static final String STEP = "        - process: {id: refuse-old-files, ref: refuseOldFiles}\n";

    @AutoClose
    private final FaultyServer monitor = new FaultyServer();

    @TempDir
    private Path folder;

    @Test
    void jarsInLibBringRoutesAndStepsAndTheDriverOfTheCatalogue() throws Exception {
        FileSystemUtils.copyRecursively(Path.of("routes"), folder.resolve("routes"));
        Path route = folder.resolve("routes/storage-standard.camel.yaml");
        Files.writeString(route, Files.readString(route).replaceFirst("(?m)^ *- to: ", STEP + "$0"));
        Files.createDirectories(folder.resolve("demo"));
        for (String name : List.of("new-1", "old-1", "film.txt")) {
            Files.write(folder.resolve("demo").resolve(name), CONTENT);
        }
        Map<String, Object> settings = catalogue();
        settings.put("our.monitor", monitor.endpoint() + "/beat");
        packAutoConfiguration();

        try (JarProcess service = JarProcess.start(settings, folder)) {
            await().untilAsserted(() -> assertThat(monitor.received()).contains("POST /beat"));
            assertThat(service.api().download(request("new-1", "txt", "")).text()).isEqualTo(success(CONTENT));
            assertThat(service.api().download(request("old-1", "txt", "")).text()).isEqualTo(FILE_SERVICE_REFUSED);
            // The first lookup of a process may take longer than a lookup may, beside other processes.
            await().untilAsserted(() -> assertThat(service.api().download(request("multimedia-library", "1")).text())
                    .isEqualTo(success(CONTENT)));
            assertThat(service.output()).as("no warning of Flyway").doesNotContain("org.flywaydb");
        }
    }

    /** Returns the settings of the service. */
    private Map<String, Object> catalogue() throws Exception {
        Path driver = Path.of(Driver.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Files.copy(driver, Files.createDirectory(folder.resolve("lib")).resolve("h2.jar"));
        String url = "jdbc:h2:file:" + folder.resolve("catalogue") + ";DATABASE_TO_LOWER=TRUE";
        CatalogueDatabase.createTable(url, "sa");
        new JdbcTemplate(new DriverManagerDataSource(url, "sa", ""))
                .update("insert into filestream.multimedia_file values ('demo', '1', 'film.txt')");
        Map<String, Object> settings = Stage.onFolder(folder);
        settings.putAll(Map.of("filestream.library.catalogue", "sql", "spring.datasource.url", url,
                "spring.datasource.username", "sa"));
        return settings;
    }

    private void packAutoConfiguration() throws IOException {
        Path source = folder.resolve("OurRoutes.java");
        Path classes = Files.createDirectory(folder.resolve("classes"));
        Matcher documented = CLASS.matcher(Files.readString(Path.of("docs", "editing-routes.md")));
        assertThat(documented.find()).isTrue();
        Files.writeString(source, documented.group(1) + IMPORTS + documented.group(2));
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null,
                "-d", classes.toString(), "-cp", System.getProperty("java.class.path"), source.toString())).isZero();
        Path imports = Files.createDirectories(classes.resolve("META-INF/spring"))
                .resolve("org.springframework.boot.autoconfigure.AutoConfiguration.imports");
        Files.writeString(imports, "com.example.files.OurRoutes");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(folder.resolve("lib/our-routes.jar")));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
    }
}
