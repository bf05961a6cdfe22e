package org.ccmessaging.filestream.reload;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.ccmessaging.filestream.reload.Folder.Reading;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.State;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.RoutesNotStartedException;

/**
 * Takes edits one after the other from check to canary, and asks the canary in each turn for its verdict. A rollback
 * and a promotion wait for no check. All of it runs in one thread, which never waits for a check or a request.
 */
final class Worker {

    /** Time after which the service tries files again that could not be checked. */
    private static final Duration RETRY = Duration.ofMinutes(1);

    /** Time for a check. One of files at their limits takes 5 s. */
    private static final Duration LONGEST_CHECK = Duration.ofSeconds(30);

    /** Time that the worker waits for a folder that does not respond. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final String CANARY = "canary";
    private static final String STOPS = "the service stops";

    private final Seams seams;
    private final ActiveRoutes routes;
    private final Progress progress;
    private final Deque<Edit> waiting = new ArrayDeque<>();
    private Edit current;
    private CompletableFuture<Report> check;
    private long checkBegan;
    private final AtomicLong order = new AtomicLong();
    private long rolledBack;
    private long retried;
    private boolean stopped;

    Worker(Seams seams, ActiveRoutes routes) {
        this.seams = seams;
        this.routes = routes;
        progress = new Progress(seams, routes);
        retried = nanoTime();
    }

    /** Returns the last published state, to any thread. */
    Status status() {
        return progress.published();
    }

    /** The folder is read in the thread of the caller. */
    CompletableFuture<Attempt> check(String by) {
        long start = nanoTime();
        long number = order.incrementAndGet();
        return submit(Edit.of(seams.folder().read(Folder.PATIENCE), by, start, number,
                false, false));
    }

    CompletableFuture<Attempt> reload(String by, boolean accept) {
        long start = nanoTime();
        long number = order.incrementAndGet();
        return submit(Edit.of(seams.folder().read(Folder.PATIENCE), by, start, number,
                true, accept));
    }

    /** Takes the files that a start finds beside the set that it resumes, unless that was their end before. */
    void takeAtStart(Edit edit) {
        Served former = routes.last(edit.files());
        if (former != null && former.state() == State.ROLLED_BACK) {
            progress.keptOut(former, edit);
        } else {
            submit(edit);
        }
    }

    private CompletableFuture<Attempt> submit(Edit edit) {
        try {
            seams.thread().execute(() -> {
                waiting.add(edit);
                turn();
            });
        } catch (RejectedExecutionException stop) {
            edit.done().complete(stopped(edit.by()));
        }
        return edit.done();
    }

    CompletableFuture<Attempt> rollback(Served wanted, String by) {
        long start = nanoTime();
        return urgent(by, () -> rollback(wanted, by, start));
    }

    CompletableFuture<Attempt> promote(String by) {
        long start = nanoTime();
        return urgent(by, () -> routes.canary() == null
                ? progress.result(Outcome.UNCHANGED, List.of("there is no canary"), by, start)
                : promote(by, start));
    }

    private CompletableFuture<Attempt> urgent(String by, Supplier<Attempt> operation) {
        try {
            return CompletableFuture.supplyAsync(() -> {
                if (stopped) {
                    return stopped(by);
                }
                progress.begin();
                Attempt done = attempt(operation, by);
                turn();
                return done;
            }, seams.thread());
        } catch (RejectedExecutionException stop) {
            return CompletableFuture.completedFuture(stopped(by));
        }
    }

    private Attempt stopped(String by) {
        return new Attempt(Outcome.UNTRIED, status().serving().number(), null, List.of(STOPS), List.of(), 0,
                seams.now(), by, null);
    }

    /** Reports a failure that nobody foresaw, after which the worker continues. */
    private Attempt attempt(Supplier<Attempt> operation, String by) {
        long start = nanoTime();
        try {
            return operation.get();
        } catch (RuntimeException | Error failed) {
            progress.failed(failed);
            return progress.result(Outcome.FAILED, List.of(failed.toString()), by, start);
        }
    }

    /** Notices changes, ends what takes too long, and follows the verdict of the canary. Call it regularly. */
    void turn() {
        try {
            if (!stopped) {
                judge();
                notice();
                next();
            }
            progress.publish();
        } catch (RuntimeException | Error failed) {
            progress.failed(failed);
        }
    }

    private void judge() {
        if (routes.canary() != null) {
            Canary.Verdict verdict = routes.canary().verdict();
            switch (verdict.kind()) {
                case PROMOTE -> promote(CANARY, nanoTime());
                case ROLL_BACK -> {
                    Served harmful = routes.canary().served();
                    routes.withdraw(State.ROLLED_BACK, CANARY);
                    progress.harmful(harmful, verdict.text());
                }
                case WATCH -> progress.waits(verdict.text());
            }
        }
    }

    private void notice() {
        boolean later = nanoTime() - retried > RETRY.toNanos();
        if (later) {
            retried = nanoTime();
            seams.history().retry();
        }
        // Attempts that wait come first, since they may load the change too.
        if (seams.live() && current == null && waiting.isEmpty()) {
            if (later && progress.isUntried()) {
                seams.folder().settle(null);
            }
            seams.folder().change().map(files -> Edit.of(files, Edit.FILE_CHANGE, null, nanoTime(), order.incrementAndGet()))
                    .ifPresent(waiting::add);
        }
    }

    private void next() {
        while (current == null && !waiting.isEmpty()) {
            Edit edit = waiting.remove();
            current = edit;
            progress.begin();
            end(edit, () -> begin(edit));
        }
        if (current != null && check == null && !seams.checks().isBusy()) {
            Edit edit = current;
            checkBegan = nanoTime();
            check = seams.checks().check(edit.files());
            check.whenComplete((report, failure) -> inThread(() -> checked(edit, report, failure)));
        } else if (current != null && nanoTime() - checkBegan > LONGEST_CHECK.toNanos()) {
            Edit late = current;
            String limit = LONGEST_CHECK.toSeconds() + " s";
            end(late, () -> check == null ? progress.refused(Outcome.UNTRIED, "a check of other files has not ended"
                    + " within " + limit + "; a restart ends it", late)
                    : progress.rejected(Stage.CHECK, late.files().folder() + ": cannot be checked within " + limit,
                            late));
        }
    }

    private void inThread(Runnable task) {
        try {
            seams.thread().execute(task);
        } catch (RejectedExecutionException stop) {
            // The stop has ended the attempt.
        }
    }

    /** @param operation returns {@code null} while the attempt has no result */
    private void end(Edit edit, Supplier<Attempt> operation) {
        Attempt result = attempt(operation, edit.by());
        if (result != null) {
            if (check != null) {
                check.cancel(true);
            }
            check = null;
            current = null;
            progress.end();
            edit.done().complete(result);
        }
    }

    /** Begins an attempt. Files that need no check end it at once. */
    private Attempt begin(Edit edit) {
        RouteFiles files = edit.files();
        checkBegan = nanoTime();
        if (files == null) {
            return progress.refused(Outcome.UNTRIED, edit.unreadable(), edit);
        }
        if (edit.activate()) {
            if (isOlderThanRollback(edit)) {
                return supersede(edit);
            }
            seams.folder().settle(files);
            progress.forgetUntried();
            if (routes.isActive(files)) {
                return unchanged(edit);
            }
            if (routes.isCanary(files)) {
                return edit.accept() ? promote(edit.by(), edit.start())
                        : progress.result(Outcome.CANARY, null, List.of(routes.canary().state()), edit);
            }
        }
        progress.stage(Stage.CHECK);
        return null;
    }

    private Attempt unchanged(Edit edit) {
        if (routes.canary() != null) {
            routes.withdraw(State.WITHDRAWN, edit.by());
        }
        return progress.unchanged(edit);
    }

    private boolean isOlderThanRollback(Edit edit) {
        return edit.order() < rolledBack;
    }

    private Attempt supersede(Edit edit) {
        return progress.refused(Outcome.SUPERSEDED, "generation " + routes.active().number()
                + " was made to serve meanwhile (" + routes.active().by() + "); reload to load these files", edit);
    }

    private void checked(Edit edit, Report report, Throwable failure) {
        if (current == edit && !stopped) {
            end(edit, () -> report == null ? progress.rejected(Stage.CHECK, edit.files().folder()
                    + ": cannot be checked: " + failure, edit)
                    : report.hasErrors() ? progress.rejected(report, edit)
                    : edit.activate() ? activate(edit, Progress.warnings(report))
                    : progress.passed(report, edit));
            turn();
        }
    }

    private Attempt activate(Edit edit, List<String> warnings) {
        Reading now = seams.folder().read(SOON);
        if (now.unreadable() == null && !now.files().isSame(edit.files())) {
            seams.folder().settle(null);
            return progress.refused(Outcome.SUPERSEDED, "the files in " + seams.directory()
                    + " changed while they were checked; " + (seams.live()
                            ? "the service loads those that are there now" : "reload once more"), edit);
        }
        progress.stage(Stage.START);
        int percent = edit.accept() || seams.percent() == 0 ? ActiveRoutes.ALL : seams.percent();
        try {
            routes.start(edit.files(), edit.by(), edit.label(), null, percent);
        } catch (RoutesNotStartedException failed) {
            return progress.rejected(Stage.START, failed.getMessage(), edit);
        }
        return percent == ActiveRoutes.ALL
                ? progress.served("serves", warnings, edit.by(), edit.start()) : progress.watched(warnings, edit);
    }

    private Attempt promote(String by, long start) {
        Served proven = routes.canary().served();
        String seen = routes.canary().state();
        try {
            routes.promote(by);
        } catch (RuntimeException failed) {
            return progress.rejected(Stage.START, "generation " + proven.number() + ": "
                    + failed.getMessage(), Edit.of(proven.in(seams.directory()), by, null, start, 0));
        }
        return progress.served("serves", List.of(seen), by, start);
    }

    private Attempt rollback(Served wanted, String by, long start) {
        if (routes.canary() != null && wanted.number() == routes.active().number()) {
            routes.withdraw(State.ROLLED_BACK, by);
        } else {
            RouteFiles files = wanted.in(seams.directory());
            try {
                routes.start(files, by + ", back to generation " + wanted.number(), wanted.label(), wanted.origin(),
                        ActiveRoutes.ALL);
            } catch (RoutesNotStartedException failed) {
                return progress.rejected(Stage.START, failed.getMessage(), Edit.of(files, by, null, start,
                        0));
            }
        }
        // The rollback is newer than the files in the folder, which stay out until they change.
        rolledBack = order.incrementAndGet();
        progress.forgetUntried();
        Reading now = seams.folder().read(SOON);
        if (now.files() != null) {
            seams.folder().settle(now.files());
        }
        Edit older = current;
        if (older != null && older.activate()) {
            end(older, () -> supersede(older));
        }
        return progress.served("undone", List.of(), by, start);
    }

    /** Ends all attempts without a result of their files. */
    void stop() {
        stopped = true;
        routes.stop();
        Stream.concat(Stream.ofNullable(current), waiting.stream())
                .forEach(edit -> edit.done().complete(stopped(edit.by())));
        if (check != null) {
            check.cancel(true);
        }
        waiting.clear();
        current = null;
    }

    private long nanoTime() {
        return seams.nanoTime().getAsLong();
    }
}
