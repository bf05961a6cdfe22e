package org.ccmessaging.filestream.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tags say what a test starts. By them the build chooses what each of its commands runs. */
class TagsTest {

    private static final Pattern STARTS = Pattern.compile("Service\\.start\\(|new Stage\\("
            + "|Stage\\.(?:impatient|breakable)\\(|new SpringApplication\\(|class \\w+(?:IT|Soak)\\b");
    private static final Pattern TAG = Pattern.compile("@Tag\\(\"(?:service|jar|browser|tools|soak)\"\\)"
            + "|extends ConsoleOfAService");

    @Test
    void testThatStartsSomethingOfItsOwnHasATag() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
            assertThat(files.filter(file -> file.toString().matches(".*(Test|IT|Soak)\\.java"))
                    .filter(file -> STARTS.matcher(text(file)).find()))
                    .isNotEmpty().allMatch(file -> TAG.matcher(text(file)).find());
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }
}
