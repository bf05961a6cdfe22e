package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** The settings of an installation that a run of route tests gets. */
class RunSettingsTest {

    private static RunSettings run(Map<String, Object> settings) {
        StandardEnvironment environment = QuietApplication.environment(null);
        environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
        return QuietApplication.with(environment).settings();
    }

    private static RouteFiles file(String text) {
        return RouteFiles.of(Path.of("x"), Map.of("a.camel.yaml", text));
    }

    @Test
    void runHasBranchesDownloadsComponentsAndWhatRoutesRead() {
        Map<String, String> settings = run(Map.of("routes.scanner", "http://scanner", "unread", "x",
                "camel.component.kafka.brokers", "b:1", "filestream.storage.standard.type", "filesystem",
                "filestream.routes.language", "src/test/resources/more-components.yaml",
                "filestream.s3.secret-key", "very-secret",
                "filestream.s3.access-key", "access", "filestream.download.file-types", "txt,pdf",
                "CAMEL_COMPONENT_KAFKA_CLIENT_ID", "me", "filestream.download.file-type-aliases.JPG", "pdf"))
                .of(file("{{routes.scanner}} {{?none}} {{filestream.s3.secret-key}} {{PATH}}"
                        + " {{filestream.routes.directory}}"));

        assertThat(settings).containsEntry("routes.scanner", "http://scanner")
                .containsEntry("filestream.library.catalogue", "none")
                .containsEntry("camel.component.kafka.brokers", "b:1")
                .containsEntry("filestream.storage.standard.type", "filesystem")
                .containsEntry("filestream.storage.standard.key", "${variable.tenantId}/${variable.objectKey}")
                .containsKey("filestream.routes.language").containsKey("filestream.download.file-types")
                .containsEntry("filestream.download.file-type-aliases.JPG", "pdf")
                .containsEntry("CAMEL_COMPONENT_KAFKA_CLIENT_ID", "me");
        assertThat(settings.keySet()).allMatch(key -> key.matches("routes\\.scanner"
                + "|spring\\.autoconfigure\\.exclude|camel\\.component\\..*"
                + "|filestream\\.library\\.catalogue|filestream\\.storage\\.[a-z-]+\\.(type|bucket|key|shared)"
                + "|filestream\\.download\\.(file-types|file-type-aliases\\..*|max-.*|buffer-limit)|CAMEL_.*"
                + "|filestream\\.routes\\.(timeout|language|expose|entry-points|request-headers|hosts)"));
        assertThat(settings.toString()).doesNotContain("very-secret");
    }

    /** Names and values that look like secrets. What a route reads has another value, since it would not start. */
    @Test
    void runHasNoSecret() {
        Map<String, Object> secrets = Map.of("routes.scanner.api-key", "very-secret",
                "routes.scanner", "https://jo:very-secret@scanner/", "routes.header", "Bearer very-secret",
                "routes.base", "jdbc:oracle:thin:jo/very-secret@host:1521", "routes.pem", "-----BEGIN very-secret",
                "routes.named", "x-${routes.scanner.api-key}-y", "camel.component.jms.password", "very-secret",
                "CAMEL_COMPONENT_KAFKA_SASL_JAAS_CONFIG", "very-secret",
                "camel.component.http.proxy", "x?password=very-secret");
        Map<String, Object> all = new HashMap<>(secrets);
        all.put("spring.datasource.password", "very-secret");
        all.put("routes.mail", "a@b.example");
        RunSettings run = run(all);
        RouteFiles files = file("{{routes.scanner.api-key}} {{routes.scanner}} {{routes.header}} {{routes.base}}"
                + " {{routes.pem}} {{routes.named}} {{routes.mail}}");

        assertThat(run.of(files)).containsEntry("routes.scanner", "withheld")
                .containsEntry("routes.mail", "a@b.example")
                .doesNotContainKeys("spring.datasource.password", "camel.component.jms.password");
        assertThat(run.of(files).toString()).doesNotContain("very-secret", "jo:");
    }
}
