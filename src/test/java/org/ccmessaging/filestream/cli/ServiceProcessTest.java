package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.JarProcess;
import org.ccmessaging.filestream.support.Service;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of the service: their exit status, and their variables, which Camel would read past Spring Boot. */
@Tag("service")
class ServiceProcessTest {

    private static final Map<String, String> SPELLINGS = Map.of("FILESTREAM_AUTH_TOKEN_ENDPOINTS", "TRUE",
            "FILESTREAM_STORAGE_STANDARD_TYPE", "S3", "FILESTREAM_STORAGE_LOCAL_TYPE", "S3",
            "FILESTREAM_LIBRARY_CATALOGUE", "None", "FILESTREAM_S3_ENDPOINT", "http://127.0.0.1:9",
            "FILESTREAM_S3_ACCESS_KEY", "id", "FILESTREAM_S3_SECRET_KEY", "secret");

    @TempDir
    private Path folder;

    private static ProcessBuilder command(Map<String, String> variables, String... arguments) {
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), FileStreamApplication.class.getName());
        command.command().addAll(List.of(arguments));
        command.environment().put("FILESTREAM_AUTH_SIGNING_KEY", Service.SIGNING_KEY);
        command.environment().putAll(variables);
        return command.redirectErrorStream(true);
    }

    /** systemd does not restart a service that ends with status 78. */
    private void assertEnds(Map<String, String> variables, String report) throws IOException {
        Process process = command(variables, "--server.port=0", "--management.server.port=0",
                "--filestream.storage.standard.type=filesystem",
                "--filestream.storage.multimedia-library.type=filesystem").directory(folder.toFile()).start();
        assertThat(JarProcess.output(process)).contains(report);
        assertThat(process.exitValue()).isEqualTo(78);
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

    @Test
    void routesOfTheServiceReadAVariableAsSpringBootBindsIt() throws IOException {
        try (JarProcess service = JarProcess.start(command(SPELLINGS, "--filestream.storage.local.type=filesystem"))) {
            assertThat(service.api().post(Api.TOKEN_BY_AK_SK, new byte[0]).status()).isNotEqualTo(404);
            assertThat(service.api().post(Api.APPLY_TOKEN, new byte[0]).status()).isNotEqualTo(404);
        }
    }

    @Test
    void routesCheckReadsAVariableAsSpringBootBindsIt() throws IOException {
        assertThat(JarProcess.output(command(SPELLINGS, "routes", "check").start())).contains("12 files, 0 errors");
    }
}
