package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.support.ConsoleOutput;
import org.ccmessaging.filestream.support.Service;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;

/** A startup that fails prints a readable report and nothing else. Isolated, because all tests share the output. */
@Tag("service")
@Isolated
class FailedStartTest {

    @RegisterExtension
    private final ConsoleOutput output = new ConsoleOutput();

    @TempDir
    private Path folder;

    /** Returns the status for which {@code main} would end the process. */
    private static int status(String... arguments) {
        Map<String, Object> others = Service.complete(Map.of("filestream.storage.standard.type", "filesystem",
                "filestream.storage.multimedia-library.type", "filesystem"));
        others.keySet().removeIf(key -> Stream.of(arguments).anyMatch(each -> each.startsWith("--" + key + "=")));
        SpringApplication application = new SpringApplication(FileStreamApplication.class);
        application.setRegisterShutdownHook(false);
        application.addInitializers(starting -> starting.getEnvironment().getPropertySources()
                .addFirst(new MapPropertySource("test", others)));
        return FailedStart.status(catchThrowable(() -> application.run(arguments).close()));
    }

    private void assertReported(String... report) {
        assertThat(output.text()).containsOnlyOnce("APPLICATION FAILED TO START").containsOnlyOnce(" ERROR ")
                .contains(report).doesNotContain("do-not-tell", "\tat ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--filestream.download.max-in-flight=0 | Reason: must be greater than or equal to 1",
        "--filestream.auth.signing-key=do-not-tell | (secret, 11 characters)\": expected at least 32 bytes",
        "--management.server.port= | = \"\": expected another port",
        "--server.ssl.bundle=web | SSL bundle name 'web' cannot be found",
        "--server.ssl.key-store=nowhere.p12 | nowhere.p12",
        "--filestream.storage.local.type=s3 --filestream.s3.region=a --filestream.s3.ssl-bundle=stoer | name 'stoer'",
        "--spring.application.json={\"filestream\":{\"do-not-tell\": | no JSON object: line 1, column 30",
        "--spring.config.import=configtree:/tmp | Config tree location '/tmp' must end with '/'",
        "--spring.config.import=configtree:nowhere/ | nowhere", "--spring.config.import=file:src | src",
        "--spring.config.import=file:pom.xml | pom.xml", "--spring.profiles.active=a!b | spring.profiles.active",
        "--filestream.routes.directory=src | filestream.routes.directory", "--filestream.s3.max-attempts=many | many"})
    void wrongSettingIsReported(String arguments, String report) {
        assertThat(status(arguments.split(" "))).isEqualTo(FailedStart.CONFIGURATION);
        assertReported(report);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "filestream:\\n  s3:\\n    endpont: do-not-tell\\n | filestream.s3.endpont | application.yaml] - 3:14",
        "filestream:\\n  s3:\\n   secret-key: do-not-tell\\n  - b\\n | file is no YAML | line 4, column 3",
        "filestream:\\n  # Speicher für München\\n | file is not UTF-8 | A file is YAML in UTF-8"})
    void fileThatIsWrongIsReportedWithThePlace(String text, String report, String place) throws IOException {
        // As an editor may save it.
        Files.writeString(folder.resolve("application.yaml"), text.translateEscapes(), StandardCharsets.ISO_8859_1);

        assertThat(status("--spring.config.additional-location=file:" + folder + "/"))
                .isEqualTo(FailedStart.CONFIGURATION);
        assertReported(report, place);
    }

    @Test
    void portInUseIsReportedWithItsVariablesAndAnotherStatus() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            assertThat(status("--server.port=" + other.getLocalPort())).isEqualTo(FailedStart.OTHER);
            assertReported("Port " + other.getLocalPort() + " is in use.", "server.port (SERVER_PORT)",
                    "management.server.port (MANAGEMENT_SERVER_PORT)");
        }
    }

    /** Only the start of a route looks for the folder; no check finds this error. */
    @Test
    void routeThatCannotBeStartedIsReportedWithItsPlace() throws IOException {
        new OwnRoutes(folder).add("inbox", """
                - route:
                    id: inbox
                    from:
                      uri: file:/nowhere/at-all?autoCreate=false&startingDirectoryMustExist=true
                      steps:
                        - log: {message: something}
                """);

        assertThat(status("--filestream.routes.directory=" + folder)).as("the folder may be there at the next start")
                .isEqualTo(FailedStart.OTHER);
        assertThat(output.text())
                .contains("APPLICATION FAILED TO START", folder + "/inbox.camel.yaml:4:12  error  route inbox cannot be"
                        + " started: Starting directory does not exist: /nowhere/at-all", "Correct the route files.")
                .doesNotContain("Exception", "\tat ", "Failed to start", "AbstractCamelContext");
    }

    @Test
    void startPrintsTheLinesOfTheCheckAndNoStackTrace() throws IOException {
        new OwnRoutes(folder).replace("storage-standard", "ref: resolveKey", "ref: resolvKey");

        assertThat(status("--filestream.routes.directory=" + folder)).isEqualTo(FailedStart.CONFIGURATION);
        assertReported(folder + "/storage-standard.camel.yaml:", "error  step resolve-key-standard: no bean "
                + "\"resolvKey\"", "    did you mean resolveKey?", "12 files, 1 error");
        assertThat(output.text()).doesNotContain("Exception");
    }
}
