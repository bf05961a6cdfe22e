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
import org.ccmessaging.filestream.observe.RecentRequests.Seen;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.testing.Rehearsal.Replayed;
import org.ccmessaging.filestream.routes.testing.Rehearsal;
import org.ccmessaging.filestream.routes.testing.Suite;
import org.ccmessaging.filestream.routes.testing.TestCase;
import org.ccmessaging.filestream.routes.testing.TestFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * Runs the tests of a set of routes that a running service has checked, in a separate process: a test may hang it or
 * fill its memory. The service gives it a folder with {@code routes/} and {@code settings.json}, and reads
 * {@code outcome.json} from there, and the last line of {@code progress} meanwhile.
 *
 * <p>If the folder has {@code active/}, the process first runs the tests of that set, which load classes, leaves
 * {@code ready}, and waits for {@code settings.json}.
 *
 * <p>If the folder has {@code before/}, the active set, the process then rehearses the set with the requests of
 * customers that its standard input has, and leaves {@code rehearsal.json}.
 */
@Command(name = TrialCommand.NAME, hidden = true)
final class TrialCommand implements Callable<Integer> {

    static final String NAME = "trial";

    private static final String SETTINGS = "settings.json";
    private static final String PROGRESS = "progress";
    private static final long TURN_MILLIS = 20;

    private final ObjectMapper json = new ObjectMapper();
    private int tests;
    private int ended;

    @ParentCommand
    private RoutesCommand command;

    @Parameters(index = "0")
    private Path place;

    /** The process ID of the service. This process ends with it. */
    @Parameters(index = "1")
    private long service;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ProcessHandle.of(service).map(ProcessHandle::onExit).orElseGet(() -> CompletableFuture.completedFuture(null))
                .thenRun(() -> Runtime.getRuntime().halt(Commands.COULD_NOT_RUN));
        Path active = place.resolve("active");
        if (Files.exists(active)) {
            failures(RouteFiles.read(active.resolve("routes")), settings(active));
            ended = 0;
            Files.move(place.resolve(PROGRESS), place.resolve("ready"));
        }
        while (Files.notExists(place.resolve(SETTINGS))) {
            Thread.sleep(TURN_MILLIS);
        }
        RouteFiles routes = RouteFiles.read(place.resolve("routes"));
        Map<String, String> settings = settings(place);
        Path before = place.resolve("before");
        boolean rehearsed = Files.exists(before);
        Map<String, String> settingsBefore = rehearsed ? settings(before) : Map.of();
        // Before a step of a route can read them.
        List<Seen> requests = rehearsed ? json.readerForListOf(Seen.class).readValue(System.in) : List.of();
        List<String> failures = failures(routes, settings);
        if (rehearsed && failures.isEmpty()) {
            json.writeValue(place.resolve("rehearsal.json").toFile(), rehearse(
                    new Suite(command.application(), RouteFiles.read(before.resolve("routes")), settingsBefore, true),
                    new Suite(command.application(), routes, settings, true), requests));
        }
        json.writeValue(place.resolve("outcome.json").toFile(), Map.of(routes.sha256(), failures));
        return failures.isEmpty() ? 0 : 1;
    }

    /** Reads settings and removes them, before a route can read them. */
    private Map<String, String> settings(Path set) throws IOException {
        Path file = set.resolve(SETTINGS);
        Map<String, String> settings = json.readerForMapOf(String.class).readValue(file.toFile());
        Files.delete(file);
        return settings;
    }

    private List<String> failures(RouteFiles routes, Map<String, String> settings) {
        List<String> failures = new ArrayList<>();
        try {
            List<TestCase> own = TestFiles.read(routes.folder());
            tests = own.size();
            progress();
            new Suite(command.application(), routes, settings, true).run(own, true, result -> {
                failures.addAll(result.messages());
                ended++;
                progress();
            });
            return failures;
        } catch (InvalidRoutesException invalid) {
            return invalid.report().findings().stream().map(Report::line).toList();
        } catch (RuntimeException | StackOverflowError | LinkageError failure) {
            // A route file can cause these errors. Some have no message.
            return List.of(failure.getMessage() == null ? "cannot be tried: " + failure : failure.getMessage());
        }
    }

    private static Replayed rehearse(Suite active, Suite edit, List<Seen> requests) throws InterruptedException {
        try {
            return Rehearsal.run(active, edit, requests);
        } catch (RuntimeException | StackOverflowError | LinkageError failure) {
            return new Replayed(0, 0, List.of(), failure.toString());
        }
    }

    /** The smoke tests are not the author's, so they do not count. */
    private void progress() {
        try {
            Files.writeString(place.resolve(PROGRESS), Status.TRYING + " " + Math.min(ended, tests) + " of " + tests
                    + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException noRoom) {
            // Only the status lacks it.
        }
    }
}
