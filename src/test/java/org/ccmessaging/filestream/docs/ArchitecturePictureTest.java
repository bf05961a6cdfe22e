package org.ccmessaging.filestream.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The picture of docs/architecture.md. With {@code -Ddocs.write=true} the test draws the picture anew. */
class ArchitecturePictureTest {

    private static final Path DOCUMENT = Path.of("docs/architecture.md");
    private static final String BEGIN = "```mermaid\n";

    @Test
    void pictureShowsTheShippedRoutesOfADownload() throws IOException {
        String picture = Diagram.from(Path.of("routes"), "download-file-stream");
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf(BEGIN) + BEGIN.length();
        String drawn = document.substring(0, begin) + picture + document.substring(document.indexOf("```", begin));
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(DOCUMENT, drawn);
        }

        assertThat(picture).contains("    subgraph read-s3[\"read-s3\"]\n").doesNotContain("token");
        assertThat(DOCUMENT).content().as("-Ddocs.write=true draws the picture").isEqualTo(drawn);
    }
}
