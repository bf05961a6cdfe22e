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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The additions of an installation to the language of routes. */
class RouteLanguageTest {

    @TempDir
    private Path folder;

    @Test
    void installationNamesWhatItAddsToTheLanguage() throws IOException {
        Path file = Files.writeString(folder.resolve("language.yaml"), """
                components:
                  jdbc: {says: Our table of files., path: [dataSourceName], options: {outputType: {}}}
                  http: {options: {userAgent: {}, responseTimeout: duration 1ms..1h}}
                members: {ownerId: A column of that table.}
                placeholders: [filestream.download.buffer-limit]
                """);

        assertThat(RouteLanguage.of(file, Set.of("ftp"), Set.of("com.example.*")).widened()).containsExactlyInAnyOrder(
                "components.jdbc", "components.http.options.userAgent",
                "components.http.options.responseTimeout.most 1h", "components.ftp", "members.ownerId",
                "placeholders filestream.download.buffer-limit", "classes com.example.*");
        assertThat(RouteLanguage.ofProduct().widened()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"components: [sql]", "components: {http: {options: {userAgent: words}}}",
        "components: {http: {options: {responseTimeout: duration}}}", "holds: {owner: {holds: words}}",
        "components: {http: {options: {userAgent: {pattern: '.*'}}}}"})
    void fileOfAnotherFormIsAWrongSetting(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("language.yaml"), text);

        assertThatThrownBy(() -> RouteLanguage.of(file, Set.of(), Set.of()))
                .isInstanceOf(InvalidSettingException.class).hasMessageContaining("filestream.routes.language");
    }
}
