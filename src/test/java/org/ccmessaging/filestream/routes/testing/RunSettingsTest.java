package org.ccmessaging.filestream.routes.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The settings of an installation that a run of route tests gets. */
@Tag("service")
class RunSettingsTest {

    @Test
    void runHasBranchesDownloadsComponentsAndWhatRoutesReadAndNoSecretIsNeeded() throws Exception {
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("routes.scanner", "http://scanner", "unread", "x",
                "camel.component.kafka.brokers", "b:1", "spring.datasource.password", "${NOT_SET_HERE}",
                "filestream.routes.components", "kafka", "filestream.s3.secret-key", "very-secret",
                "filestream.s3.access-key", "access", "filestream.download.file-types", "txt,pdf",
                "CAMEL_COMPONENT_KAFKA_CLIENT_ID", "me", "filestream.download.file-type-aliases.JPG", "pdf"))) {
            Map<String, String> settings = stage.service().bean(RunSettings.class).of(
                    new RouteFiles(Path.of("x"), new TreeMap<>(Map.of(Path.of("x/a.camel.yaml"), ("{{routes.scanner}}"
                            + " {{?none}} {{filestream.s3.secret-key}} {{PATH}} {{filestream.routes.directory}}")
                            .getBytes(StandardCharsets.UTF_8)))));

            assertThat(settings).containsEntry("routes.scanner", "http://scanner")
                    .containsEntry("spring.datasource.password", "${NOT_SET_HERE}")
                    .containsEntry("filestream.library.catalogue", "none")
                    .containsEntry("camel.component.kafka.brokers", "b:1")
                    .containsEntry("filestream.storage.multimedia-library.type", "filesystem")
                    .containsEntry("filestream.storage.standard.key", "${variable.tenantId}/${variable.objectKey}")
                    .containsKey("filestream.routes.components").containsKey("filestream.download.file-types")
                    .containsEntry("filestream.download.file-type-aliases.JPG", "pdf")
                    .containsEntry("CAMEL_COMPONENT_KAFKA_CLIENT_ID", "me");
            assertThat(settings.keySet()).allMatch(key -> key.matches("routes\\.scanner"
                    + "|spring\\.(autoconfigure\\.exclude|datasource\\.password)|camel\\.component\\..*"
                    + "|filestream\\.library\\.catalogue|filestream\\.storage\\.[a-z-]+\\.(type|bucket|key|shared)"
                    + "|filestream\\.download\\.(file-types|file-type-aliases\\..*|max-.*|buffer-limit)|CAMEL_.*"
                    + "|filestream\\.routes\\.(timeout|components|classes|expose|entry-points|request-headers|hosts)"));
            assertThat(settings.toString()).doesNotContain("very-secret");
        }
    }
}
