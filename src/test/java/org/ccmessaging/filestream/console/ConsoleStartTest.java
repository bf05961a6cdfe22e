package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.ccmessaging.filestream.support.ConsoleOutput;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Log lines about the console at startup, and settings that stop startup. Isolated: all tests share the output. */
@Tag("service")
@Isolated
class ConsoleStartTest {

    @RegisterExtension
    private final ConsoleOutput output = new ConsoleOutput();

    @Test
    void oneLineSaysHowToTurnTheConsoleOn() throws Exception {
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of())) {
            assertThat(stage.service().management().get("/actuator/hawtio").status()).isEqualTo(404);
            assertThat(output.text().lines().filter(line -> line.contains("onsole is"))).singleElement().asString()
                    .contains("The console is off.", "FILESTREAM_CONSOLE_USERNAME", "FILESTREAM_CONSOLE_PASSWORD");
        }
    }

    @Test
    void oneLineSaysWhereTheConsoleIs() throws Exception {
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, ConsoleOfAService.with(
                Map.of("management.endpoints.web.exposure.include", "prometheus")))) {
            assertThat(stage.service().management().get("/actuator/hawtio").status()).isEqualTo(302);
            assertThat(output.text().lines().filter(line -> line.contains("onsole is"))).singleElement().asString()
                    .contains("The console is on", "/actuator/hawtio");
            assertThat(output.text()).doesNotContain(ConsoleSession.PASSWORD);
        }
    }

    @Test
    void policyOfAServiceWithoutAManagementPortDoesNotCount() throws Exception {
        new Stage(Stage.Kind.FILESYSTEM, ConsoleOfAService.with(Map.of("filestream.console.policy", "missing.xml",
                "management.server.port", -1))).close();

        assertThat(output.text()).doesNotContain("APPLICATION FAILED TO START");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "| expected a Jolokia policy with a <commands> list without exec and write",
        "not xml | Content is not allowed in prolog",
        "<restrict><allow></restrict> | The element type \"allow\"",
        "<restrict/> | a <commands> list without exec and write",
        "<restrict><comands><command>read</command></comands></restrict> | a <commands> list without exec and write",
        "<restrict><commands><command>read</command><command>exec</command></commands></restrict> | without exec",
        "<restrict><commands><command>write</command></commands></restrict> | without exec and write"})
    void policyThatIsAbsentOrAllowsWhatItDoesNotNameStopsTheStart(String xml, String report, @TempDir Path folder)
            throws IOException {
        Path policy = folder.resolve("policy.xml");
        if (xml != null) {
            Files.writeString(policy, xml);
        }
        assertThatThrownBy(() -> new Stage(Stage.Kind.FILESYSTEM,
                ConsoleOfAService.with(Map.of("filestream.console.policy", policy))).close());

        assertThat(output.text()).contains("APPLICATION FAILED TO START", report)
                .doesNotContain("\tat ", ConsoleSession.PASSWORD);
    }
}
