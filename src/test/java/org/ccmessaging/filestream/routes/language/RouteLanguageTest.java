package org.ccmessaging.filestream.routes.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.support.LoggedLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The additions of an installation to the language of routes. */
class RouteLanguageTest {

    @TempDir
    private Path folder;

    @Test
    void installationAddsToTheLanguageAndLogsWhat() throws IOException {
        Path file = Files.writeString(folder.resolve("language.yaml"), """
                components:
                  jdbc: {says: Our table of files., path: [dataSourceName], options: {outputType: {}}}
                  ftp: {says: A server of files.}
                  http: {options: {userAgent: {}, responseTimeout: duration 1ms..1h}}
                members: {ownerId: A column of that table.}
                classes: [java.nio.file.*]
                placeholders: [filestream.download.buffer-limit]
                """);

        RouteLanguage language;
        try (LoggedLines log = new LoggedLines(RouteLanguage.class.getName())) {
            language = RouteLanguage.of(file);
            assertThat(log.texts()).singleElement().asString()
                    .startsWith(file + " adds to the language of routes: {\"components\":{\"jdbc\":{")
                    .endsWith("\"placeholders\":[\"filestream.download.buffer-limit\"]}");
        }

        assertThat(language.allFields()).containsKeys("jdbc.outputType", "http.userAgent", "http.httpMethod",
                "throttle.timePeriodMillis");
        assertThat(language.allFields().get("http.responseTimeout").most()).isEqualTo("1h");
        assertThat(language.components().get("ftp").options()).isNull();
        assertThat(language.isListed(Path.class)).isTrue();
        assertThat(language.isListed(IOException.class)).isFalse();
        RouteLanguage product = RouteLanguage.ofProduct();
        assertThat(product.isListed(Path.class)).isFalse();
        assertThat(product.isReadable("filestream.download.buffer-limit")).isFalse();
        assertThat(language.members()).containsKeys("ownerId", "length");
        assertThat(language.isReadable("filestream.download.buffer-limit")).isTrue();
        assertThat(language.classes()).contains("String", "java.nio.file.*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"components: [sql]", "components: {http: {options: {userAgent: words}}}",
        "components: {http: {options: {responseTimeout: duration}}}", "holds: {owner: {holds: words}}",
        "components: {http: {options: {userAgent: {pattern: '.*'}}}}"})
    void fileOfAnotherFormIsAWrongSetting(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("language.yaml"), text);

        assertThatThrownBy(() -> RouteLanguage.of(file))
                .isInstanceOf(InvalidSettingException.class).hasMessageContaining("filestream.routes.language");
    }
}
