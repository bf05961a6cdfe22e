package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.JarProcess;
import org.ccmessaging.filestream.support.Service;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Variables of a real process, which Camel by default reads itself and prefers to Spring Boot's values. */
@Tag("service")
class ProcessVariablesTest {

    private static ProcessBuilder command(String... arguments) {
        ProcessBuilder command = new ProcessBuilder(Stream.concat(Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("java.class.path"), FileStreamApplication.class.getName()), Stream.of(arguments))
                .toList()).redirectErrorStream(true);
        command.environment().putAll(Map.of("FILESTREAM_AUTH_TOKEN_ENDPOINTS", "TRUE",
                "FILESTREAM_STORAGE_STANDARD_TYPE", "S3", "FILESTREAM_STORAGE_LOCAL_TYPE", "S3",
                "FILESTREAM_LIBRARY_CATALOGUE", "None", "FILESTREAM_S3_ENDPOINT", "http://127.0.0.1:9",
                "FILESTREAM_S3_ACCESS_KEY", "id", "FILESTREAM_S3_SECRET_KEY", "secret",
                "FILESTREAM_AUTH_SIGNING_KEY", Service.SIGNING_KEY));
        return command;
    }

    @Test
    void routesOfTheServiceReadAVariableAsSpringBootBindsIt() throws IOException {
        try (JarProcess service = JarProcess.start(command("--filestream.storage.local.type=filesystem"))) {
            assertThat(List.of(Api.TOKEN_BY_AK_SK, Api.APPLY_TOKEN)).allSatisfy(path ->
                    assertThat(service.api().post(path, new byte[0]).status()).isNotEqualTo(404));
            assertThat(service.api().download(Api.request("local", "nowhere.txt")).text())
                    .contains("fsservice downloadFile is failed");
        }
    }

    @Test
    void routesCheckReadsAVariableAsSpringBootBindsIt() throws IOException {
        assertThat(JarProcess.output(command("routes", "check").start())).contains("12 files, 0 errors");
    }
}
