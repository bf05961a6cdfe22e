package org.ccmessaging.filestream.reload;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.ccmessaging.filestream.reload.Edit.Kind;
import org.ccmessaging.filestream.reload.FolderWatch.Reading;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.Stage;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Report;

/**
 * Takes edits one after the other from check to canary, and asks the canary in each turn for its verdict. A rollback
 * and a promotion wait for no check. All of it runs in one thread, which never waits for a check or a request.
 */
final class Worker {

    /** Time after which the service repeats what failed through no fault of an edit. */
    private static final Duration RETRY = Duration.ofMinutes(1);

    /** Time for a check. One of files at their limits takes 5 s. */
    private static final Duration LONGEST_CHECK = Duration.ofSeconds(30);

    private static final String START = "start";

    private final Parts parts;
    private final ActiveRoutes routes;
    private final Attempts attempts;
    private final Journal journal;
    private final AtomicLong order = new AtomicLong();
    private final Deque<Edit> waiting = new ArrayDeque<>();
    private Edit current;
    private long began;
    private CompletableFuture<Report> check;
    private long retried;
    private boolean stopped;

    Worker(Parts parts) {
        this.parts = parts;
        routes = new ActiveRoutes(parts);
        journal = new Journal(parts, routes);
        attempts = new Attempts(parts, routes, journal);
        retried = nanoTime();
    }

    /**
     * Activates the routes of a start. Files in the folder that differ from the last promoted set are an edit, whatever
     * their author or deployer changed.
     *
     * @param first the files in the folder
     * @param resumes whether the history counts
     * @param check returns the report of files
     */
    void start(RouteFiles first, String label, boolean resumes, Function<RouteFiles, Report> check) {
        Edit edit = edit(first, START, label, Kind.LOAD);
        boolean serves = attempts.start(resumes ? parts.history().active().orElse(null) : null, edit, check);
        turn();
        // Last, because the thread of the worker begins with it.
        if (!serves && !attempts.isKeptOut(edit)) {
            submit(edit);
        }
    }

    /** Returns the last published state, to any thread. */
    Status status() {
        return journal.published();
    }

    /** Checks or loads the folder, which is read in the thread of the caller. */
    CompletableFuture<Attempt> load(String by, Kind kind) {
        long start = nanoTime();
        long place = order.incrementAndGet();
        Reading now = parts.folder().read(FolderWatch.PATIENCE);
        return submit(new Edit(now.files(), now.unreadable(), by, null, kind, start, place,
                new CompletableFuture<>()));
    }

    CompletableFuture<Attempt> rollback(Served wanted, String by) {
        Edit edit = edit(wanted.in(parts.directory()), by, wanted.label(), Kind.URGENT);
        return inThread(edit, () -> {
            complete(edit, () -> attempts.rollback(wanted, edit, order.incrementAndGet()));
            if (current != null && attempts.isSuperseded(current)) {
                Edit older = current;
                end(() -> attempts.supersede(older));
            }
        });
    }

    CompletableFuture<Attempt> promote(String by) {
        Edit edit = urgent(by);
        return inThread(edit, () -> complete(edit, () -> attempts.promote(edit)));
    }

    private Edit urgent(String by) {
        return edit(null, by, null, Kind.URGENT);
    }

    private Edit edit(RouteFiles files, String by, String label, Kind kind) {
        return new Edit(files, null, by, label, kind, nanoTime(), order.incrementAndGet(), new CompletableFuture<>());
    }

    private CompletableFuture<Attempt> submit(Edit edit) {
        return inThread(edit, () -> waiting.add(edit));
    }

    private CompletableFuture<Attempt> inThread(Edit edit, Runnable task) {
        try {
            parts.thread().execute(() -> {
                if (stopped) {
                    stop(edit);
                } else {
                    task.run();
                    turn();
                }
            });
        } catch (RejectedExecutionException stop) {
            stop(edit);
        }
        return edit.done();
    }

    private void stop(Edit edit) {
        edit.done().complete(new Attempt(Outcome.UNTRIED, status().serving().number(), null,
                List.of("the service stops"), List.of(), 0, parts.now(), edit.by(), edit.sha256()));
    }

    /** Gives an edit its result. A failure that nobody foresaw ends nothing else. */
    private void complete(Edit edit, Supplier<Attempt> operation) {
        journal.begin();
        Attempt result;
        try {
            result = operation.get();
        } catch (RuntimeException | Error failed) {
            result = journal.failed(failed, edit);
        }
        try {
            journal.publish();
        } finally {
            edit.done().complete(result);
        }
    }

    /** Notices changes, ends what takes too long, and follows the verdict of the canary. Call it regularly. */
    void turn() {
        try {
            if (!stopped) {
                attempts.judge(this::urgent);
                notice();
                next();
            }
            journal.publish();
        } catch (RuntimeException | Error failed) {
            journal.failed(failed);
        }
    }

    private void notice() {
        boolean again = nanoTime() - retried > RETRY.toNanos();
        if (again) {
            retried = nanoTime();
            parts.history().retry();
        }
        // Attempts that wait come first, since they may load the change too.
        if (parts.live() && current == null && waiting.isEmpty()) {
            if (again && journal.isUntried()) {
                parts.folder().settle(null);
            }
            parts.folder().change().ifPresent(files -> waiting.add(edit(files, Edit.FILE_CHANGE, null, Kind.LOAD)));
        }
    }

    private void next() {
        while (current == null && !waiting.isEmpty()) {
            Edit edit = waiting.remove();
            if (attempts.needsCheck(edit)) {
                current = edit;
                began = nanoTime();
                journal.begin();
                journal.stage(Stage.CHECK);
            } else {
                complete(edit, () -> attempts.withoutCheck(edit));
            }
        }
        if (current != null && check == null && !parts.isChecking().getAsBoolean()) {
            Edit edit = current;
            check = parts.check().apply(edit.files());
            check.whenComplete((report, failure) -> inThread(edit, () -> checked(edit, report, failure)));
        } else if (current != null && nanoTime() - began > LONGEST_CHECK.toNanos()) {
            Edit late = current;
            String limit = "within " + LONGEST_CHECK.toSeconds() + " s";
            boolean waits = check == null;
            end(() -> waits ? journal.refused(Outcome.UNTRIED, "a check of other files has not ended " + limit
                    + "; a restart ends it", late)
                    : journal.rejected(Stage.CHECK, late.files().folder() + ": cannot be checked " + limit, late));
        }
    }

    /** Ends the edit that is checked. */
    private void end(Supplier<Attempt> operation) {
        Edit ended = current;
        if (check != null) {
            check.cancel(true);
        }
        check = null;
        complete(ended, () -> {
            try {
                return operation.get();
            } finally {
                current = null;
                journal.end();
            }
        });
    }

    private void checked(Edit edit, Report report, Throwable failure) {
        if (current == edit) {
            end(() -> report == null ? journal.rejected(Stage.CHECK, edit.files().folder() + ": cannot be checked: "
                    + failure, edit)
                    : report.hasErrors() ? journal.rejected(report, edit)
                    : edit.isCheck() ? journal.passed(report, edit)
                    : attempts.activate(edit, Journal.warnings(report)));
        }
    }

    /** Ends all attempts without a result of their files. */
    void stop() {
        stopped = true;
        routes.stop();
        Stream.concat(Stream.ofNullable(current), waiting.stream()).forEach(this::stop);
        if (check != null) {
            check.cancel(true);
        }
    }

    private long nanoTime() {
        return parts.nanoTime().getAsLong();
    }
}
