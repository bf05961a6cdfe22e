package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.routes.OwnRoutes;
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

    @Test
    void commandNeedsNoSecretOfTheInstallation() {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test",
                Map.of("filestream.storage.standard.s3.access-key", "id",
                        "filestream.storage.standard.s3.secret-key", "${NOT_SET_HERE}")));
        ConfigDataEnvironmentPostProcessor.applyTo(environment);

        assertThat(QuietApplication.with(environment).settings().storage().named("standard").s3().secretKey()).isNull();
    }

    @Test
    void commandReportsABrokenConfigurationAsStartupDoes() throws IOException {
        Path file = Files.writeString(folder.resolve("wrong.yaml"), "filestream:\n  s3: [\n");
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test",
                Map.of("spring.config.additional-location", "file:" + file)));

        Throwable failure = catchThrowable(() -> ConfigDataEnvironmentPostProcessor.applyTo(environment));

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
        assertThat(run.lines()).contains("    did you mean resolveKey?").endsWith("12 files, 1 error");
        assertThat("routes/empty.camel.yaml  error  empty").matches(patterns.get(1));
        assertThat(run.lines()).filteredOn(line -> line.matches(patterns.get(0))).singleElement().satisfies(line -> {
            Matcher mark = Pattern.compile(patterns.get(0)).matcher(line);
            assertThat(mark.matches()).isTrue();
            assertThat(List.of(mark.group(1), mark.group(4), mark.group(5))).containsExactly(
                    folder + "/storage-standard.camel.yaml", "error",
                    "step resolve-key-standard: no bean \"resolvKey\"");
        });
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
