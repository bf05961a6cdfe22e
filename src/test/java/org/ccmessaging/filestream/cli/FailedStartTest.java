package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.support.ConsoleOutput;
import org.ccmessaging.filestream.support.Service;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The output of a startup that errors in the routes stop. Isolated, because all tests share the output. */
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

    private void start() {
        Service.start(Map.of("filestream.storage.standard.type", "filesystem",
                "filestream.storage.multimedia-library.type", "filesystem",
                "filestream.routes.directory", folder.toString())).close();
    }

    /** Only the start of a route looks for the folder; no check finds this error. */
    @Test
    void routeThatCannotBeStartedIsReportedInOneLine() throws IOException {
        new OwnRoutes(folder).add("inbox", ROUTE);

        assertThatThrownBy(this::start);

        assertThat(output.text())
                .contains("APPLICATION FAILED TO START", "Starting directory does not exist: /nowhere/at-all")
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
