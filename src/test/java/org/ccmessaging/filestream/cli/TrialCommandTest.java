package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Check;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.routes.testing.Verdict;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;

/** The verdict that the trial of a set leaves for the service. TrialOfRoutesTest starts the process itself. */
@Tag("service")
class TrialCommandTest {

    @RegisterExtension
    static final ExpectedErrors EXPECTED =
            ExpectedErrors.of("org.springframework.boot.SpringApplication", "Application run failed");

    /** The process that never ends, since the command would end this one with it. */
    private static final String INIT = "1";

    @TempDir
    private Path place;

    /** A check that recurses endlessly for any file. */
    @Primary
    static class EndlessCheck extends Check {

        EndlessCheck(RouteLanguage language, Environment environment, RoutesSettings settings) {
            super(language, environment, settings, List.of());
        }

        @Override
        public Report run(RouteFiles files) {
            return run(files);
        }
    }

    /** The service with this check. */
    @Import({FileStreamApplication.class, EndlessCheck.class})
    static class Application {
    }

    @Test
    void setThatCannotBeCheckedIsBadAndTheSettingsAreGone() throws Exception {
        new OwnRoutes(Files.createDirectory(place.resolve("routes")))
                .replace("result-codes", "Unauthorized operation.\n", "No.\n");
        Files.writeString(place.resolve("settings.json"), "{\"values\":{},\"variables\":{}}");
        StringWriter out = new StringWriter();

        assertThat(Commands.run(Application.class, new PrintWriter(out), new PrintWriter(out), "routes", "trial",
                place.toString(), INIT))
                .as(out.toString()).isEqualTo(1);

        assertThat(Verdict.read(place.resolve("verdict.json"))).isEqualTo(
                Verdict.bad("check", List.of("cannot be checked: java.lang.StackOverflowError")));
        assertThat(place.resolve("settings.json")).doesNotExist();
    }
}
