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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What the console shows when errors in the routes stop the start. Alone, since all tests share the console. */
@Isolated
class FailedStartTest {

    @RegisterExtension
    private final ConsoleOutput output = new ConsoleOutput();

    /** Only the start asks for the folder, so no check sees that it is not there. */
    @Test
    void routeThatCannotBeStartedIsReportedInOneLine(@TempDir Path folder) throws IOException {
        new OwnRoutes(folder).add("inbox", """
                - route:
                    id: inbox
                    description: Reads a folder.
                    from:
                      uri: file:/nowhere/at-all
                      description: The folder.
                      parameters:
                        autoCreate: false
                        startingDirectoryMustExist: true
                      steps:
                        - log:
                            id: log-inbox
                            description: Tells that a file has come.
                            message: a file
                """);

        assertThatThrownBy(() -> Service.start(Map.of("filestream.storage.standard.type", "filesystem",
                "filestream.storage.multimedia-library.type", "filesystem",
                "filestream.routes.directory", folder.toString(), "filestream.routes.components", "platform-http,"
                        + "direct,aws2-s3,log,bean,simple,constant,header,variable,exchangeProperty,file")).close());

        String console = output.text();
        assertThat(console).contains("APPLICATION FAILED TO START");
        assertThat(console.substring(console.indexOf("APPLICATION FAILED TO START")))
                .contains("cannot be started: Starting directory does not exist: /nowhere/at-all")
                .doesNotContain("Exception", "\tat ");
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
                "filestream.routes.directory", folder.toString())).close()).isInstanceOf(InvalidRoutesException.class);

        assertThat(output.text()).contains(folder + "/storage-standard.camel.yaml:26:18  error R031  "
                        + "step resolve-key-standard: no bean \"resolvKey\"", "8 files, 3 errors, 0 warnings")
                .doesNotContain("Exception", "\tat ", "APPLICATION FAILED TO START");
    }
}
