package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.support.Service;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process of a service that cannot start: systemd does not restart it for exit status 78. */
@Tag("service")
class StartStatusTest {

    @TempDir
    private Path folder;

    private void assertEnds(Map<String, String> variables, String report) throws Exception {
        Path log = folder.resolve("log");
        ProcessBuilder start = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), FileStreamApplication.class.getName(),
                "--server.port=0", "--management.server.port=0",
                "--filestream.auth.signing-key=" + Service.SIGNING_KEY,
                "--filestream.storage.standard.type=filesystem",
                "--filestream.storage.multimedia-library.type=filesystem").redirectErrorStream(true)
                .directory(folder.toFile()).redirectOutput(log.toFile());
        start.environment().putAll(variables);
        Process process = start.start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("it ended").isTrue();
            assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(78);
            assertThat(log).content().contains(report);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void fileThatSpringBootFindsIsNamedWithTheLineThatIsWrong() throws Exception {
        Files.writeString(Files.createDirectory(folder.resolve("config")).resolve("application.yaml"),
                "filestream:\n  s3: [\n");

        assertEnds(Map.of(), "config/application.yaml is no YAML: line 3, column 1");
    }

    @Test
    void variableThatIsReadBeforeTheLogIsThereIsNamed() throws Exception {
        assertEnds(Map.of("LOGGING_STRUCTURED_FORMAT_CONSOLE", "jason"), "Unknown format 'jason'");
    }
}
