package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.support.Service;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The process of a service that cannot start: systemd does not restart it for exit status 78. */
@Tag("service")
class StartStatusTest {

    @TempDir
    private Path folder;

    private int statusOfProcess(Map<String, String> variables) throws Exception {
        ProcessBuilder start = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), FileStreamApplication.class.getName(),
                "--server.port=0", "--management.server.port=0",
                "--filestream.auth.signing-key=" + Service.SIGNING_KEY,
                "--filestream.storage.standard.type=filesystem",
                "--filestream.storage.multimedia-library.type=filesystem").redirectErrorStream(true)
                .directory(folder.toFile()).redirectOutput(folder.resolve("log").toFile());
        start.environment().putAll(variables);
        Process process = start.start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("it ended").isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void fileThatSpringBootFindsIsNamedWithTheLineThatIsWrong() throws Exception {
        Files.writeString(Files.createDirectory(folder.resolve("config")).resolve("application.yaml"),
                "filestream:\n  s3: [\n");

        assertThat(statusOfProcess(Map.of())).as(log()).isEqualTo(78);
        assertThat(log()).contains("config/application.yaml is no YAML: line 3, column 1");
    }

    /** Both fail before Spring Boot has set up the log. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "LOGGING_STRUCTURED_FORMAT_CONSOLE | jason | Unknown format 'jason'",
        "SPRING_APPLICATION_JSON | {\"filestream\":{ | SPRING_APPLICATION_JSON"})
    void variableThatIsReadBeforeTheLogIsThereReturns78AndIsNamed(String name, String value, String named)
            throws Exception {
        assertThat(statusOfProcess(Map.of(name, value))).as(log()).isEqualTo(78);

        assertThat(log()).contains(named);
    }

    private String log() throws IOException {
        Path log = folder.resolve("log");
        return Files.exists(log) ? Files.readString(log) : "no log";
    }
}
