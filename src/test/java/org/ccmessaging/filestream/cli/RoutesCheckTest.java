package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.routes.check.RouteFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** The command {@code routes check}: its findings, and their output formats. */
class RoutesCheckTest {

    @TempDir
    private Path folder;
    private OwnRoutes routes;

    @BeforeEach
    void copyShippedRoutes() throws IOException {
        routes = new OwnRoutes(folder);
    }

    private static StandardEnvironment environment(Map<String, Object> settings) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        return environment;
    }

    @Test
    void commandNeedsNoSecretOfTheInstallation() {
        StandardEnvironment environment = environment(Map.of("filestream.storage.standard.s3.access-key", "id",
                "filestream.storage.standard.s3.secret-key", "${NOT_SET_HERE}"));

        assertThat(QuietApplication.with(environment).settings().storage().named("standard").s3().secretKey()).isNull();
    }

    @Test
    void commandReadsSettingsAsStartupDoes() {
        StandardEnvironment environment = environment(Map.of("filestream.library.catalogue", "SQL",
                "filestream.storage.standard.type", "S3", "filestream.auth.issuer", "${NOT_SET_HERE}",
                "filestream.auth.token-endpoints", "on"));

        assertThat(QuietApplication.with(environment).check().run(RouteFiles.read(folder)).lines())
                .containsExactly("12 files, 0 errors");
        assertThat(environment.getProperty("filestream.auth.token-endpoints")).isEqualTo("true");
    }

    @Test
    void commandReportsABrokenConfigurationAsStartupDoes() throws IOException {
        Path file = Files.writeString(folder.resolve("wrong.yaml"), "filestream:\n  s3: [\n");
        Throwable failure =
                catchThrowable(() -> environment(Map.of("spring.config.additional-location", "file:" + file)));

        assertThat(new FailedStart().analyze(failure).getDescription())
                .isEqualTo("A configuration file is no YAML: line 3, column 1: expected the node content, but found"
                        + " '<stream end>'");
    }

    @Test
    void commandReportsErrorsAndTheTaskOfAnEditorMarksThem() throws IOException {
        routes.replace("storage-standard", "ref: resolveKey", "ref: resolvKey");

        CommandRun run = CommandRun.of("routes", "check", folder.toString());
        List<String> patterns = new ObjectMapper().readTree(Path.of(".vscode/tasks.json").toFile())
                .at("/tasks/0/problemMatcher").findValuesAsText("regexp");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines()).contains("    did you mean resolveKey?").endsWith("12 files, 1 error");
        assertThat("routes/empty.camel.yaml  error  empty").matches(patterns.get(1));
        assertThat(run.out().lines().filter(line -> line.matches(patterns.get(0))))
                .extracting(line -> line.replaceAll(patterns.get(0), "$1|$4|$5")).containsExactly(
                        folder + "/storage-standard.camel.yaml|error|step resolve-key-standard: no bean \"resolvKey\"");
    }

    @Test
    void warningIsPrintedAndIsNoError() throws IOException {
        routes.add("own", "- from:\n    uri: platform-http:/own\n    steps: [{poll: 'file:data?fileName=a'}]\n");

        CommandRun run = CommandRun.of("routes", "check", folder.toString());

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("own.camel.yaml:3:14  warning  step poll opens a file")
                .endsWith("13 files, 0 errors, 1 warning\n");
    }

    @Test
    void commandSaysInOneLineWhyItCouldNotRun() {
        CommandRun missing = CommandRun.of("routes", "check", "nowhere");

        assertThat(missing.status()).isEqualTo(2);
        assertThat(missing.err().lines()).singleElement().asString().startsWith("check: filestream.routes.directory ="
                + " \"nowhere\": expected a folder with *.camel.yaml files, but there is none at /");
        assertThat(CommandRun.of("routes", "chek").status()).isEqualTo(2);
        assertThat(CommandRun.of("routes").status()).isEqualTo(2);
    }
}
