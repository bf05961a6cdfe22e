package org.ccmessaging.filestream.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.reload.TrialTask.Message;
import org.ccmessaging.filestream.reload.TrialTask.Outcome;
import org.ccmessaging.filestream.reload.TrialTask;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.testing.Replayed.Replays;
import org.ccmessaging.filestream.routes.testing.Replayed;
import org.ccmessaging.filestream.routes.testing.Suite;
import org.ccmessaging.filestream.routes.testing.TestCase;
import org.ccmessaging.filestream.routes.testing.TestFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs the tests of sets of routes that a running service has checked, in a separate process: a test may hang it or
 * fill its memory. The service sends each set as a {@link TrialTask}. If all tests have passed and the task has an
 * active set, the service of the tests replays the requests of customers.
 */
@Command(name = TrialCommand.NAME, hidden = true)
final class TrialCommand implements Callable<Integer> {

    static final String NAME = "trial";

    /** Any charset of the output has the characters of ASCII. */
    private static final JsonMapper JSON = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    @ParentCommand
    private RoutesCommand command;

    /** The process ID of the service. This process ends with it. */
    @Parameters(index = "0")
    private long service;

    @Override
    public Integer call() {
        ProcessHandle.of(service).map(ProcessHandle::onExit).orElseGet(() -> CompletableFuture.completedFuture(null))
                .thenRun(() -> Runtime.getRuntime().halt(Commands.COULD_NOT_RUN));
        try (MappingIterator<TrialTask> tasks = JSON.readerFor(TrialTask.class).readValues(System.in)) {
            while (tasks.hasNextValue()) {
                report(new Message(null, tryOut(tasks.nextValue())));
            }
        }
        return 0;
    }

    private void report(Message message) {
        // A route may have printed half a line before.
        command.out().print("\n" + JSON.writeValueAsString(message) + "\n");
        command.out().flush();
    }

    private Suite suite(TrialTask set) {
        return new Suite(command.application(), RouteFiles.read(Path.of(set.routes())), set.settings(), true);
    }

    private Outcome tryOut(TrialTask task) {
        Suite edit = suite(task);
        List<String> failures = new ArrayList<>();
        AtomicReference<Replayed> replayed = new AtomicReference<>();
        try {
            List<TestCase> tests = TestFiles.read(edit.routes().folder());
            AtomicInteger ended = new AtomicInteger();
            report(new Message(Status.TRYING + " 0 of " + tests.size(), null));
            edit.run(tests, true, result -> {
                failures.addAll(result.messages());
                // The smoke tests, which come last, are not the author's.
                if (ended.incrementAndGet() <= tests.size()) {
                    report(new Message(Status.TRYING + " " + ended + " of " + tests.size(), null));
                }
            }, running -> {
                if (failures.isEmpty() && task.active() != null) {
                    report(new Message(Status.REHEARSING, null));
                    replayed.set(rehearse(suite(task.active()), running, task));
                }
            });
        } catch (InvalidRoutesException invalid) {
            invalid.report().findings().stream().map(Report::line).forEach(failures::add);
        } catch (RuntimeException | StackOverflowError | LinkageError failure) {
            // A route file can cause these errors. Some have no message.
            failures.add(failure.getMessage() == null ? "cannot be tried: " + failure : failure.getMessage());
        }
        return new Outcome(edit.routes().sha256(), failures, replayed.get());
    }

    private static Replayed rehearse(Replays active, Replays edit, TrialTask task) {
        try {
            return Replayed.of(active, edit, task.requests());
        } catch (InterruptedException | RuntimeException | StackOverflowError | LinkageError failure) {
            return Replayed.failed(failure.toString());
        }
    }
}
