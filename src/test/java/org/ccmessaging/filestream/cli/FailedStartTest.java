package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
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

/** The output of a startup that errors in the routes stop. Isolated, because all tests share the output. */
@Tag("service")
@Isolated
class FailedStartTest {

    @RegisterExtension
    private final ConsoleOutput output = new ConsoleOutput();

    private static final String ROUTE = """
            - route:
                id: %1$s
                description: Begins by itself.
                from:
                  uri: %2$s
                  description: The source.
                  steps:
                    - log:
                        id: log-%1$s
                        description: Tells that something has come.
                        message: something
            """;

    /** Only the start of a route looks for the folder; no check finds this error. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "file:/nowhere/at-all?autoCreate=false&startingDirectoryMustExist=true | inbox |"
                + " Starting directory does not exist: /nowhere/at-all"})
    void routeThatCannotBeStartedIsReportedInOneLineWithItsPlace(String uri, String route, String why,
            @TempDir Path folder) throws IOException {
        OwnRoutes routes = new OwnRoutes(folder);
        routes.add("inbox", ROUTE.formatted("inbox", uri));

        assertThatThrownBy(() -> Service.start(Map.of("filestream.storage.standard.type", "filesystem",
                "filestream.storage.multimedia-library.type", "filesystem",
                "filestream.routes.directory", folder.toString(), "filestream.routes.components", "file"))
                .close());

        String console = output.text();
        assertThat(console).contains("APPLICATION FAILED TO START", "\n" + folder + "/" + route
                        + ".camel.yaml:5:12  route " + route + " cannot be started: " + why)
                .doesNotContain("Exception", "\tat ", "Failed to start", "AbstractCamelContext");
    }

    @Test
    void startPrintsTheLinesOfTheCheckAndNoStackTrace(@TempDir Path folder) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.writeString(folder.resolve(file.getFileName()),
                        Files.readString(file).replace("ref: resolveKey", "ref: resolvKey"));
            }
        }

        assertThatThrownBy(() -> Service.start(Map.of("filestream.storage.standard.type", "filesystem",
                "filestream.storage.multimedia-library.type", "filesystem",
                "filestream.routes.directory", folder.toString())).close())
                .hasCauseInstanceOf(InvalidRoutesException.class);

        assertThat(output.text()).contains(folder + "/storage-standard.camel.yaml:26:18  error R031  "
                        + "step resolve-key-standard: no step bean \"resolvKey\"", "12 files, 3 errors, 0 warnings")
                .contains("APPLICATION FAILED TO START").doesNotContain("Exception", "\tat ");
    }

    @Test
    void linkOutOfTheFolderIsReportedInOneLine(@TempDir Path folder) throws IOException {
        new OwnRoutes(folder);
        Path link = Files.createSymbolicLink(folder.resolve("zz.camel.yaml"), Path.of("/etc/passwd"));

        assertThatThrownBy(() -> Service.start(Map.of("filestream.routes.directory", folder.toString())).close());

        assertThat(output.text()).contains("APPLICATION FAILED TO START", "the route files in " + folder
                + " cannot be read: " + link + ": it is a link to a file outside the folder of routes")
                .doesNotContain("Exception", "\tat ", "root:");
    }
}
