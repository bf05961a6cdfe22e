package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.spi.PropertiesFunction;
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
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;

/** The verdict that the trial of a set leaves for the service. TrialOfRoutesTest starts the process itself. */
@Tag("service")
@ExpectedErrors.Of(logger = "org.springframework.boot",
        texts = {"Application run failed", "APPLICATION FAILED TO START"})
class TrialCommandTest {

    /** The process that never ends, since the command would end this one with it. */
    private static final String INIT = "1";

    @TempDir
    private Path place;

    /** A check that recurses endlessly for any file. */
    @Primary
    static class EndlessCheck extends Check {

        EndlessCheck(RouteLanguage language, Environment environment, RoutesSettings settings,
                List<PropertiesFunction> functions) {
            super(language, environment, settings, functions);
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

    private OwnRoutes routes() throws Exception {
        OwnRoutes routes = new OwnRoutes(Files.createDirectory(place.resolve("routes")));
        Files.createDirectory(place.resolve("routes/tests"));
        return routes;
    }

    /** Returns the verdict without a check, which would never end. */
    private Verdict verdict(int status) throws Exception {
        Files.writeString(place.resolve("settings.json"), "{\"values\":{},\"variables\":{}}");
        StringWriter out = new StringWriter();
        assertThat(Commands.run(Application.class, System::getenv,
                new PrintWriter(out), new PrintWriter(out), "routes", "trial",
                place.toString(), INIT))
                .as(out.toString()).isEqualTo(status);
        return new ObjectMapper().readValue(place.resolve("verdict.json").toFile(), Verdict.class);
    }

    @Test
    void verdictHasTheHashOfTheFilesThatWereTriedAndNobodyChecksThemAgain() throws Exception {
        OwnRoutes routes = routes();
        routes.replace("result-codes", "Unauthorized operation.\n", "No.\n");

        assertThat(verdict(0)).isEqualTo(Verdict.good(List.of(), RouteFiles.read(routes.folder()).sha256()));
        assertThat(place.resolve("progress")).content().startsWith("trying 0 of 0\n");
    }

    @Test
    void setThatDoesNotStartIsBadAndTheSettingsAreGone() throws Exception {
        routes().add("broken", "- nonsense: {}\n");

        assertThat(verdict(1)).satisfies(verdict -> {
            assertThat(verdict.stage()).isEqualTo("try");
            assertThat(verdict.messages()).singleElement().asString()
                    .contains("cannot be started", "nonsense");
        });
        assertThat(place.resolve("settings.json")).doesNotExist();
    }
}
