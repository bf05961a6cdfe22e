package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Service;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Exit status of a process that cannot start: systemd restarts it for one status and not for the other. */
@Tag("service")
@ExpectedErrors.Of(logger = "org.springframework.boot",
        texts = {"APPLICATION FAILED TO START", "Application run failed"})
class StartStatusTest {

    @TempDir
    private Path folder;

    private static List<String> complete(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--management.server.port=0",
                "--filestream.auth.signing-key=" + Service.SIGNING_KEY,
                "--filestream.storage.standard.type=filesystem",
                "--filestream.storage.multimedia-library.type=filesystem"));
        all.addAll(List.of(arguments));
        if (List.of(arguments).stream().noneMatch(argument -> argument.startsWith("--server.port"))) {
            all.add("--server.port=0");
        }
        return all;
    }

    /** The status for which {@code main} would end the process. */
    private static int statusOf(String... arguments) {
        SpringApplication application = new SpringApplication(FileStreamApplication.class);
        application.setRegisterShutdownHook(false);
        try (ConfigurableApplicationContext started = application.run(complete(arguments).toArray(String[]::new))) {
            throw new AssertionError("It started: " + started);
        } catch (RuntimeException failure) {
            return FailedStart.status(failure);
        }
    }

    private int statusOfProcess(Map<String, String> variables, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), FileStreamApplication.class.getName()));
        command.addAll(complete(arguments));
        ProcessBuilder start = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        start.environment().putAll(variables);
        Process process = start.start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("it ended").isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--filestream.s3.max-attempts=0", "--filestream.s3.max-attempts=many",
        "--filestream.routes.directory=src", "--spring.config.import=configtree:nowhere/",
        "--spring.config.import=configtree:src", "--spring.config.import=file:src",
        "--spring.config.import=file:pom.xml", "--spring.profiles.active=a!b",
        "--management.server.port=", "--server.ssl.bundle=none"})
    void wrongConfigurationReturns78(String argument) {
        assertThat(statusOf(argument)).isEqualTo(78);
    }

    @ParameterizedTest
    @ValueSource(strings = {"filestream:\n  s3: [\n", "filestream:\n  s3:\n    endpont: http://store\n"})
    void brokenFileAndAKeyThatDoesNotExistReturn78(String content) throws Exception {
        Path file = Files.writeString(folder.resolve("wrong.yaml"), content);

        assertThat(statusOf("--spring.config.additional-location=" + file.toUri())).isEqualTo(78);
    }

    @Test
    void errorsInRoutesAreOneEventOfAStructuredLog() throws Exception {
        OwnRoutes routes = new OwnRoutes(Files.createDirectory(folder.resolve("routes")));
        routes.replace("storage-local", "ref: resolveKey", "ref: resolvKey");

        assertThat(statusOfProcess(Map.of(), "--filestream.routes.directory=" + routes.folder(),
                "--logging.structured.format.console=ecs")).as(log()).isEqualTo(78);

        ObjectMapper json = new ObjectMapper();
        JsonNode last = null;
        for (String line : log().lines().toList()) {
            last = json.readTree(line);
        }
        assertThat(last.at("/log/level").asText()).isEqualTo("ERROR");
        assertThat(last.get("message").asText().lines()).satisfiesOnlyOnce(
                line -> assertThat(line).contains("/storage-local.camel.yaml:", "no bean \"resolvKey\""))
                .contains("    did you mean resolveKey?", "12 files, 1 error");
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

    @Test
    void portThatIsTakenReturns1() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            assertThat(statusOf("--server.port=" + other.getLocalPort())).isEqualTo(1);
        }
    }

    private String log() throws IOException {
        Path log = folder.resolve("log");
        return Files.exists(log) ? Files.readString(log) : "no log";
    }
}
