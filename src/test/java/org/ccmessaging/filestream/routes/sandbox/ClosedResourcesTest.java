package org.ccmessaging.filestream.routes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A resource is in the folder of the routes only if what it leads to is. */
class ClosedResourcesTest {

    private final DefaultCamelContext context = new DefaultCamelContext();

    @TempDir
    private Path host;

    private Path folder;

    @BeforeEach
    void close() throws IOException {
        folder = Files.createDirectory(host.resolve("routes"));
        ClosedResources.close(context, folder);
    }

    private Resource resource(Path file) {
        return PluginHelper.getResourceLoader(context).resolveResource("file:" + file);
    }

    @Test
    void linkInTheFolderReadsWhatIsInTheFolder() throws IOException {
        Files.createDirectory(folder.resolve("..2026"));
        Files.writeString(folder.resolve("..2026/note.txt"), "of the ConfigMap");
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026"));

        assertThat(resource(Files.createSymbolicLink(folder.resolve("note.txt"), Path.of("..data/note.txt")))
                .getInputStream()).hasContent("of the ConfigMap");
    }

    @Test
    void linkThatLeadsOutOfTheFolderReadsNothing() throws IOException {
        Path secret = Files.writeString(host.resolve("secret"), "secret");
        Path link = Files.createSymbolicLink(folder.resolve("note.txt"), secret);

        assertThatThrownBy(() -> resource(link)).hasMessageContaining("is not open to routes");
    }

    @Test
    void fileThatIsNotThereIsNotThere() {
        assertThat(resource(folder.resolve("missing.txt")).exists()).isFalse();
    }
}
