package org.ccmessaging.filestream.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ccmessaging.filestream.observe.RecentRequests.Kept;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.RoutesNotStartedException;
import org.ccmessaging.filestream.routes.testing.Rehearsal;
import org.ccmessaging.filestream.settings.InvalidSettingException;

/** Proves a set of route files in the process of a command, with the last requests of a running service. */
record Proof(RoutesCommand command, RunningService service) {

    private static final String NO_REQUESTS = "the service has kept no request yet (filestream.routes.rehearsal)";

    private static final String ELSEWHERE = " Run the command on the host of the service, in its working directory, or"
            + " prove the set in a pipeline and add --untested.";

    /**
     * Checks, tests and rehearses the files in the folder of the service.
     *
     * @param accept whether a rehearsal that loses requests, or has too few, is no fault
     * @return the exit status; 0 if the files may be activated
     */
    int of(boolean accept) throws InterruptedException {
        QuietApplication quiet;
        try {
            quiet = QuietApplication.of(null);
        } catch (InvalidSettingException noFolder) {
            throw new IllegalStateException(noFolder.getMessage() + "." + ELSEWHERE);
        }
        RouteFiles files = quiet.files();
        if (!service.hasRead(files)) {
            throw new IllegalStateException("the files in " + files.folder().toAbsolutePath() + " (sha256 "
                    + files.sha256() + ") are not those that the service reads (sha256 "
                    + service.state().filesSha256() + ")." + ELSEWHERE);
        }
        Output out = command.out();
        Report report = quiet.check().run(files);
        report.lines().forEach(out::println);
        Optional<TestRun> tests = report.hasErrors() ? Optional.empty()
                : TestRun.of(command.suite(quiet, files, true), out);
        tests.ifPresent(run -> run.summary().forEach(out::println));
        if (tests.isEmpty() || !tests.get().passed()) {
            return 1;
        }
        Kept kept = service.requests();
        int rehearsed = 0;
        if (kept.requests().isEmpty()) {
            out.println("no rehearsal: " + NO_REQUESTS);
        } else {
            rehearsed = print(rehearse(kept, quiet, files, true, out));
        }
        if (!RouteFiles.read(files.folder()).isSame(files)) {
            throw new IllegalStateException("the files in " + files.folder() + " have changed meanwhile");
        }
        return accept ? 0 : rehearsed;
    }

    /** @param group its number, to print as a test; {@code null} to print all */
    int rehearse(Path folder, Integer group) throws InterruptedException {
        Output progress = group == null ? command.out() : command.err();
        progress.stage("reading the last requests of customers from " + service.url());
        Kept kept = service.requests();
        progress.stage("");
        if (kept.requests().isEmpty()) {
            throw new IllegalStateException(NO_REQUESTS);
        }
        QuietApplication quiet = QuietApplication.of(folder);
        try {
            Rehearsal rehearsal = rehearse(kept, quiet, quiet.files(), false, progress);
            if (group == null) {
                return print(rehearsal);
            }
            rehearsal.asTest(group).lines().forEach(command.out()::println);
            return 0;
        } catch (InvalidRoutesException | RoutesNotStartedException failure) {
            InvalidRoutesException.lines(failure).forEach(command.err()::println);
            return 1;
        }
    }

    /** Returns the exit status. */
    private int print(Rehearsal rehearsal) {
        if (rehearsal.tooFew().isPresent()) {
            command.err().println("rehearsal: " + rehearsal.tooFew().get());
            return Commands.COULD_NOT_RUN;
        }
        List<String> lines = rehearsal.lines();
        command.out().println(lines.get(0));
        IntStream.range(1, lines.size()).forEach(i ->
                command.out().println(String.format("%3d  %s", i, lines.get(i))));
        return rehearsal.losesRequests() ? 1 : 0;
    }

    private Rehearsal rehearse(Kept kept, QuietApplication quiet, RouteFiles files, boolean checked,
            Output progress) throws InterruptedException {
        try {
            return Rehearsal.of(command.suite(quiet, RouteFiles.of(files.folder(), kept.files()), true),
                    command.suite(quiet, files, checked), kept.requests(), progress::stage);
        } finally {
            progress.stage("");
        }
    }
}
