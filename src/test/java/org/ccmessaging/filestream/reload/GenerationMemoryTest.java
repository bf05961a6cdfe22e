package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.ccmessaging.filestream.routes.Generation;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.routes.Serving;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A closed generation leaves the memory. The test is isolated, because garbage collection stops the whole process. */
@Tag("service")
@Isolated
class GenerationMemoryTest {

    @TempDir
    private Path folder;

    @Test
    void generationBeforeLeavesTheMemory() throws Exception {
        OwnRoutes routes = new OwnRoutes(Files.createDirectory(folder.resolve("routes")));
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM,
                Map.of("filestream.routes.directory", routes.folder().toString()))) {
            WeakReference<Generation> before = new WeakReference<>(stage.service().bean(Serving.class).current());
            routes.replace("result-codes", "expression: Unauthorized operation.", "expression: No.");

            assertThat(stage.service().bean(LiveRoutes.class).reload("test").outcome()).isEqualTo(Outcome.SERVES);

            await().untilAsserted(() -> {
                System.gc();
                assertThat(before.refersTo(null)).isTrue();
            });
        }
    }
}
