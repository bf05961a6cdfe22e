package org.ccmessaging.filestream.routes.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ClassPathResource;

/** The documents name the settings in which the service of route tests differs from the usual one. */
class TestServiceTest {

    @ParameterizedTest
    @ValueSource(strings = {"filestream.download.first-byte-timeout", "filestream.download.stall-timeout",
        "filestream.s3.read-timeout", "filestream.s3.max-attempts", "filestream.s3.circuit-open-time"})
    void pageSaysWhatASettingIsInTests(String key) throws IOException {
        assertThat(Files.readString(Path.of("docs/editing-routes.md")))
                .contains("`" + key + "=" + new YamlPropertySourceLoader().load("settings of a run",
                        new ClassPathResource("route-check/test-settings.yaml")).get(0).getProperty(key) + "`");
    }
}
