package org.ccmessaging.filestream.routes.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The additions of an installation to the language of routes. */
class RouteLanguageTest {

    @TempDir
    private Path folder;

    @Test
    void installationNamesWhatItAddsToTheLanguage() throws IOException {
        Path file = Files.writeString(folder.resolve("language.yaml"), """
                components:
                  jdbc: {says: Our table of files., path: [dataSourceName], options: {outputType: {}}}
                  http: {options: {userAgent: {}}}
                members: {ownerId: A column of that table.}
                placeholders: [filestream.download.buffer-limit]
                """);

        assertThat(RouteLanguage.of(file, Set.of("ftp"), Set.of("com.example.*")).widened()).containsExactlyInAnyOrder(
                "components.jdbc", "components.http.options.userAgent", "components.ftp", "members.ownerId",
                "placeholders filestream.download.buffer-limit", "classes com.example.*");
        assertThat(RouteLanguage.ofProduct().widened()).isEmpty();
    }

    @Test
    void fileOfAnotherFormIsAWrongSetting() throws IOException {
        Path file = Files.writeString(folder.resolve("language.yaml"), "components: [sql]\n");

        assertThatThrownBy(() -> RouteLanguage.of(file, Set.of(), Set.of()))
                .isInstanceOf(InvalidSettingException.class).hasMessageContaining("filestream.routes.language");
    }
}
