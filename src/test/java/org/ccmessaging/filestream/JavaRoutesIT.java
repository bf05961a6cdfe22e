package org.ccmessaging.filestream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.FILE_SERVICE_REFUSED;
import static org.ccmessaging.filestream.support.Outcomes.success;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.ccmessaging.filestream.library.CatalogueDatabase;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.JarProcess;
import org.ccmessaging.filestream.support.Stage;
import org.h2.Driver;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;

/**
 * The packaged jar loads routes in Java DSL and processors from {@code lib/}, by an ordinary auto-configuration. The
 * jar also loads the driver of the catalogue's database (H2) from this folder.
 */
@Tag("jar")
class JavaRoutesIT {

    private static final byte[] CONTENT = Stage.content(3000);
    private static final String AUTO_CONFIGURATION = """
            package com.example.files;

            import org.apache.camel.Processor;
            import org.apache.camel.builder.RouteBuilder;
            import org.ccmessaging.filestream.toolkit.DownloadRequest;
            import org.ccmessaging.filestream.failure.FileServiceRefusedException;
            import org.springframework.boot.autoconfigure.AutoConfiguration;
            import org.springframework.context.annotation.Bean;

            @AutoConfiguration
            public class OurRoutes {

                @Bean
                RouteBuilder hello() {
                    return new RouteBuilder() {
                        @Override
                        public void configure() {
                            from("platform-http:/our/hello?httpMethodRestrict=GET").routeId("hello")
                                    .setBody(constant("hello from lib"));
                        }
                    };
                }

                @Bean
                Processor refuseOldFiles() {
                    return exchange -> {
                        if (exchange.getVariable("request", DownloadRequest.class).fileId().startsWith("old-")) {
                            throw new FileServiceRefusedException("the archive is closed");
                        }
                    };
                }
            }
            """;
    private static final String STEP = """
                    - process: {id: refuse-old-files, description: Refuses old files, ref: refuseOldFiles}
            """;

    @TempDir
    private Path folder;

    @Test
    void jarsInLibBringRoutesAndStepsAndTheDriverOfTheCatalogue() throws Exception {
        FileSystemUtils.copyRecursively(Path.of("routes"), folder.resolve("routes"));
        Path route = folder.resolve("routes/storage-standard.camel.yaml");
        Files.writeString(route, Files.readString(route).replaceFirst("(?m)^ *- to: ", STEP + "$0"));
        Files.createDirectories(folder.resolve("standard/demo"));
        Files.write(folder.resolve("standard/demo/new-1"), CONTENT);
        Files.write(folder.resolve("standard/demo/old-1"), CONTENT);
        Files.createDirectories(folder.resolve("library/demo/films"));
        Files.write(folder.resolve("library/demo/films/a.txt"), CONTENT);
        Map<String, Object> settings = catalogue();
        packAutoConfiguration();
        settings.put("filestream.storage.multimedia-library.type", "filesystem");
        settings.put("filestream.storage.multimedia-library.root", "library");
        settings.put("filestream.storage.standard.type", "filesystem");
        settings.put("filestream.storage.standard.root", "standard");

        try (JarProcess service = JarProcess.start(settings, folder)) {
            assertThat(new Api(service.api().base()).get("/our/hello").text()).isEqualTo("hello from lib");
            assertThat(service.api().download(request("new-1", "txt", "")).text()).isEqualTo(success(CONTENT));
            assertThat(service.api().download(request("old-1", "txt", "")).text()).isEqualTo(FILE_SERVICE_REFUSED);
            // The first lookup of a process may take longer than a lookup may, beside other processes.
            await().untilAsserted(() -> assertThat(service.api().download(request("multimedia-library", "1")).text())
                    .isEqualTo(success(CONTENT)));
            assertThat(service.output()).as("no warning of Flyway").doesNotContain("org.flywaydb");
        }
    }

    private Map<String, Object> catalogue() throws Exception {
        Path driver = Path.of(Driver.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Files.copy(driver, Files.createDirectory(folder.resolve("lib")).resolve("h2.jar"));
        String url = "jdbc:h2:file:" + folder.resolve("catalogue") + ";DATABASE_TO_LOWER=TRUE";
        CatalogueDatabase.createTable(url, "sa");
        new JdbcTemplate(new DriverManagerDataSource(url, "sa", ""))
                .update("insert into filestream.multimedia_file values ('demo', '1', 'films/a.txt')");
        return new HashMap<>(Map.of("filestream.library.catalogue", "sql", "spring.datasource.url", url,
                "spring.datasource.username", "sa"));
    }

    private void packAutoConfiguration() throws IOException {
        Path source = folder.resolve("OurRoutes.java");
        Path classes = Files.createDirectory(folder.resolve("classes"));
        Files.writeString(source, AUTO_CONFIGURATION);
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null,
                "-d", classes.toString(), "-cp", System.getProperty("java.class.path"), source.toString())).isZero();
        Path imports = classes.resolve(
                "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports");
        Files.createDirectories(imports.getParent());
        Files.writeString(imports, "com.example.files.OurRoutes\n");
        Path jar = folder.resolve("lib/our-routes.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
    }
}
