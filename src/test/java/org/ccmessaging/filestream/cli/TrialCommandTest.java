package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.spi.PropertiesFunction;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.reload.TrialTask.Message;
import org.ccmessaging.filestream.reload.TrialTask.Outcome;
import org.ccmessaging.filestream.reload.TrialTask;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Check;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;

/** The failures that the trial of a set leaves for the service. TrialOfRoutesTest starts the process itself. */
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

    /** Returns the failures without a check, which would never end. */
    private List<String> failures() throws Exception {
        ObjectMapper json = new ObjectMapper();
        StringWriter out = new StringWriter();
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(json.writeValueAsBytes(
                new TrialTask(place.resolve("routes").toString(), Map.of(), null, List.of()))));
        try {
            assertThat(Commands.run(Application.class, System::getenv,
                    new PrintWriter(out), new PrintWriter(out), "routes", "trial", INIT)).as(out.toString()).isZero();
        } finally {
            System.setIn(before);
        }
        List<String> lines = out.toString().lines().filter(line -> line.startsWith("{")).toList();
        assertThat(json.readValue(lines.get(0), Message.class).stage()).isEqualTo("trying 0 of 0");
        Outcome outcome = json.readValue(lines.get(lines.size() - 1), Message.class).outcome();
        assertThat(outcome.sha256()).isEqualTo(RouteFiles.read(place.resolve("routes")).sha256());
        return outcome.failures();
    }

    @Test
    void setThatPassesLeavesNoFailuresAndNobodyChecksItAgain() throws Exception {
        routes().replace("result-codes", "Unauthorized operation.\n", "No.\n");

        assertThat(failures()).isEmpty();
    }

    @Test
    void setThatDoesNotStartIsBad() throws Exception {
        routes().add("broken", "- nonsense: {}\n");

        assertThat(failures()).singleElement().asString().contains("cannot be started", "nonsense");
    }
}
