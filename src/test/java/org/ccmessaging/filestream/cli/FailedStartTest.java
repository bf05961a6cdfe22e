package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
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

    private static final String ROUTE = """
            - route:
                id: inbox
                description: Begins by itself.
                from:
                  uri: file:/nowhere/at-all?autoCreate=false&startingDirectoryMustExist=true
                  description: The source.
                  steps:
                    - log:
                        id: log-inbox
                        description: Tells that something has come.
                        message: something
            """;

    @TempDir
    private Path folder;

    private static void start(Map<String, Object> settings, String... arguments) {
        Map<String, Object> all = new HashMap<>(Map.of("filestream.storage.standard.type", "filesystem",
                "filestream.storage.multimedia-library.type", "filesystem"));
        all.putAll(settings);
        SpringApplication application = new SpringApplication(FileStreamApplication.class);
        application.setRegisterShutdownHook(false);
        application.addInitializers(starting -> starting.getEnvironment().getPropertySources()
                .addFirst(new MapPropertySource("test", Service.complete(all))));
        application.run(arguments).close();
    }

    private void start() {
        start(Map.of("filestream.routes.directory", folder.toString()));
    }

    private void assertReported(String... report) {
        assertThat(output.text()).containsOnlyOnce("APPLICATION FAILED TO START").containsOnlyOnce(" ERROR ")
                .contains(report).doesNotContain("do-not-tell", "\tat ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "filestream.download.max-in-flight | 0 | Reason: must be greater than or equal to 1",
        "filestream.auth.signing-key | '' | filestream.auth.signing-key is not set: expected a secret of at least 32",
        "filestream.auth.signing-key | do-not-tell | (secret, 11 characters)\": expected at least 32 bytes",
        "filestream.auth.signing-key | ${NOT}${SET} | the variable of a placeholder in it is not set",
        "filestream.downloads.max-in-flight | 5 | No such setting: filestream.downloads.max-in-flight",
        "filestream.storage.local.key | ${variable.tenantId}/${variable.objectKey}${x.y} | a Camel simple expression",
        "management.server.port | '' | = \"\": expected another port",
        "server.ssl.bundle | web | SSL bundle name 'web' cannot be found",
        "server.ssl.key-store | nowhere.p12 | nowhere.p12"})
    void wrongSettingIsReported(String key, String value, String report) {
        assertThatThrownBy(() -> start(Map.of(key, value)));

        assertReported(report);
    }

    @Test
    void bundleOfAStoreThatDoesNotExistIsReported() {
        assertThatThrownBy(() -> start(Map.of("filestream.storage.standard.type", "s3",
                "filestream.s3.region", "eu-central-1", "filestream.s3.ssl-bundle", "stoer")));

        assertReported("SSL bundle name 'stoer' cannot be found");
    }

    @Test
    void storeWithoutRegionAndEndpointIsReported() {
        // Otherwise the AWS SDK would look for a region in the network.
        System.setProperty("aws.disableEc2Metadata", "true");
        try {
            assertThatThrownBy(() -> start(Map.of("filestream.storage.standard.type", "s3")));

            assertReported("filestream.s3.region is not set: expected a region, such as");
        } finally {
            System.clearProperty("aws.disableEc2Metadata");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "filestream:\\n  s3:\\n    endpont: do-not-tell\\n | filestream.s3.endpont | application.yaml] - 3:14",
        "filestream:\\n  s3:\\n   secret-key: do-not-tell\\n  - b\\n | file is no YAML | line 4, column 3",
        "filestream:\\n  # Speicher für München\\n | a file is not UTF-8 | A file is YAML in UTF-8"})
    void fileThatIsWrongIsReportedWithThePlace(String text, String report, String place) throws IOException {
        // As an editor may save it.
        Files.writeString(folder.resolve("application.yaml"), text.translateEscapes(), StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> start(Map.of(), "--spring.config.additional-location=file:" + folder + "/"));

        assertReported(report, place);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--spring.application.json={\"filestream\":{\"do-not-tell\": | no JSON object: line 1, column 30",
        "--spring.config.import=configtree:/tmp | Config tree location '/tmp' must end with '/'"})
    void argumentThatIsWrongIsReported(String argument, String report) {
        assertThatThrownBy(() -> start(Map.of(), argument));

        assertReported(report);
    }

    /** Only the start of a route looks for the folder; no check finds this error. */
    @Test
    void routeThatCannotBeStartedIsReportedWithItsPlace() throws IOException {
        new OwnRoutes(folder).add("inbox", ROUTE);

        assertThatThrownBy(this::start);

        assertThat(output.text())
                .contains("APPLICATION FAILED TO START", folder + "/inbox.camel.yaml:5:12  error  route inbox cannot be"
                        + " started: Starting directory does not exist: /nowhere/at-all", "Correct the route files.")
                .doesNotContain("Exception", "\tat ", "Failed to start", "AbstractCamelContext");
    }

    @Test
    void startPrintsTheLinesOfTheCheckAndNoStackTrace() throws IOException {
        new OwnRoutes(folder).replace("storage-standard", "ref: resolveKey", "ref: resolvKey");

        assertThatThrownBy(this::start).isInstanceOf(InvalidRoutesException.class);

        assertThat(output.text()).contains(folder + "/storage-standard.camel.yaml:", "error  "
                        + "step resolve-key-standard: no bean \"resolvKey\"", "12 files, 1 error")
                .contains("APPLICATION FAILED TO START").doesNotContain("Exception", "\tat ");
    }
}
