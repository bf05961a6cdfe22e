package org.ccmessaging.filestream.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Finding.Level;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.RoutesNotStartedException;
import org.ccmessaging.filestream.routes.testing.RunSettings;
import org.ccmessaging.filestream.routes.testing.Suite;
import org.ccmessaging.filestream.routes.testing.TestFiles;
import org.ccmessaging.filestream.routes.testing.Verdict;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.PayloadApplicationEvent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Checks and tests a set of routes in its own process, which a running service starts: an author's file may hang it or
 * fill its memory. The service gives it a folder with {@code routes/} and {@code settings.json}, and reads
 * {@code verdict.json} from there, and the last line of {@code progress} meanwhile.
 */
@Command(name = TrialCommand.NAME, hidden = true)
final class TrialCommand implements Callable<Integer> {

    static final String NAME = "trial";

    private final Class<?> application;
    private final List<String> warnings = new ArrayList<>();
    private int tests;
    private int ended;

    @Parameters(index = "0")
    private Path place;

    /** The process ID of the service. This process ends with it. */
    @Parameters(index = "1")
    private long service;

    /** @param application the class of the Spring application */
    TrialCommand(Class<?> application) {
        this.application = application;
    }

    @Override
    public Integer call() throws IOException {
        ProcessHandle.of(service).map(ProcessHandle::onExit).orElseGet(() -> CompletableFuture.completedFuture(null))
                .thenRun(() -> Runtime.getRuntime().halt(Commands.COULD_NOT_RUN));
        Path file = place.resolve("settings.json");
        RunSettings settings = new ObjectMapper().readValue(Files.readAllBytes(file), RunSettings.class);
        // Before a route can read it.
        Files.delete(file);
        Verdict verdict = verdict(place.resolve("routes"), settings);
        verdict.write(place.resolve("verdict.json"));
        return verdict.passed() ? 0 : 1;
    }

    private Verdict verdict(Path routes, RunSettings settings) {
        TestFiles files = Files.exists(routes.resolve("tests")) ? TestFiles.read(routes)
                : new TestFiles(List.of(), List.of());
        if (!files.findings().isEmpty()) {
            return Verdict.bad("try", files.findings().stream()
                    .map(finding -> String.join(". ", TestFiles.lines(finding)).replaceAll(" {3,}", " ")).toList());
        }
        tests = files.tests().size();
        List<String> failures = new ArrayList<>();
        try {
            new Suite(application, routes, settings, this::hear)
                    .run(files.tests(), Map.of(), result -> {
                        failures.addAll(result.messages());
                        // The smoke tests are not the author's.
                        progress("trying " + Math.min(++ended, tests) + " of " + tests);
                    });
        } catch (InvalidRoutesException invalid) {
            return Verdict.bad("check", invalid.report().findings(Level.ERROR).stream().map(Report::line).toList());
        } catch (RoutesNotStartedException failed) {
            return Verdict.bad("try", List.of(failed.getMessage()));
        } catch (RuntimeException | StackOverflowError | LinkageError failure) {
            // A route file can cause these errors. Some have no message.
            return Verdict.bad("check", List.of("cannot be checked: "
                    + (failure.getMessage() == null ? failure : failure.getMessage())));
        }
        return failures.isEmpty() ? Verdict.good(warnings) : Verdict.bad("try", failures);
    }

    /** Handles the events of the service: the check of the files begins, and it ends with a report. */
    private void hear(ApplicationEvent event) {
        Object told = event instanceof PayloadApplicationEvent<?> payload ? payload.getPayload() : null;
        if (told instanceof RouteFiles && ended == 0) {
            progress("checking");
        } else if (told instanceof Report report) {
            progress("trying " + Math.min(ended, tests) + " of " + tests);
            report.findings(Level.WARNING).stream().map(Report::line).filter(line -> !warnings.contains(line))
                    .forEach(warnings::add);
        }
    }

    private void progress(String stage) {
        try {
            Files.writeString(place.resolve("progress"), stage + "\n", StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException noRoom) {
            // Only the status lacks it.
        }
    }
}
