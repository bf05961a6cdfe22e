package org.ccmessaging.filestream.reload;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.ccmessaging.filestream.reload.Canary.Decision;
import org.ccmessaging.filestream.reload.Canary.Verdict;
import org.ccmessaging.filestream.reload.Edit.Kind;
import org.ccmessaging.filestream.reload.FolderWatch.Reading;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.Stage;
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

    /** Time after which the service repeats what failed through no fault of an edit. */
    private static final Duration RETRY = Duration.ofMinutes(1);

    /** Time for a check. One of files at their limits takes 5 s. */
    private static final Duration LONGEST_CHECK = Duration.ofSeconds(30);

    /** Time that the worker waits for a folder that does not respond. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final String CANARY = "canary";

    private final Parts parts;
    private final ActiveRoutes routes;
    private final Journal journal;
    private final AtomicLong order = new AtomicLong();

    /** Edits of the files in the folder. The first one is in progress. */
    private final Deque<Edit> edits = new ArrayDeque<>();

    /** When the check of the first edit was due; {@code null} before. */
    private Long due;
    private CompletableFuture<Report> check;
    private long retried;
    private long rolledBack;
    private boolean stopped;

    Worker(Parts parts) {
        this.parts = parts;
        routes = new ActiveRoutes(parts);
        journal = new Journal(parts, routes);
        retried = nanoTime();
    }

    /**
     * Activates the routes of a start, as {@link ActiveRoutes#begin}. Files in the folder that differ from them are an
     * edit, whatever their author or deployer changed.
     *
     * @param first the files in the folder
     * @param resumes whether the history counts
     * @param examine returns the report of files
     */
    void start(RouteFiles first, String label, boolean resumes, Function<RouteFiles, Report> examine) {
        Edit edit = edit(Kind.LOAD, "start", first, label);
        Served last = resumes ? parts.history().active().orElse(null) : null;
        boolean serves = routes.begin(last, edit, examine);
        turn();
        // Last, because the thread of the worker begins with it.
        if (!serves && !isKeptOut(edit)) {
            submit(edit);
        }
    }

    /** Returns whether somebody has decided against the files of an edit before. */
    private boolean isKeptOut(Edit edit) {
        Served former = parts.history().newestFirst().stream().filter(each -> each.isOf(edit.files())).findFirst()
                .filter(each -> each.state() == State.ROLLED_BACK).orElse(null);
        if (former != null) {
            journal.rolledBack(edit, former, former.endedBy() + " decided against generation " + former.number()
                    + ", which had these files");
        }
        return former != null;
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
        return submit(new Edit(kind, by, now.files(), now.unreadable(), null, start, place,
                new CompletableFuture<>()));
    }

    CompletableFuture<Attempt> rollback(Served wanted, String by) {
        Edit edit = edit(Kind.ROLLBACK, by, wanted.in(parts.directory()), wanted.label());
        return inThread(edit, () -> take(edit, each -> rollback(wanted, each)));
    }

    CompletableFuture<Attempt> promote(String by) {
        Edit edit = edit(Kind.PROMOTION, by, null, null);
        return inThread(edit, () -> take(edit, this::promote));
    }

    private Edit edit(Kind kind, String by, RouteFiles files, String label) {
        return new Edit(kind, by, files, null, label, nanoTime(), order.incrementAndGet(), new CompletableFuture<>());
    }

    private CompletableFuture<Attempt> submit(Edit edit) {
        return inThread(edit, () -> edits.add(edit));
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

    /** Ends all edits without a result of their files. */
    void stop() {
        stopped = true;
        routes.stop();
        edits.forEach(this::stop);
        if (check != null) {
            check.cancel(true);
        }
    }

    /** Notices changes, takes each edit as far as it can go, and follows the verdict of the canary. Call regularly. */
    void turn() {
        try {
            if (!stopped) {
                judge();
                do {
                    notice();
                } while (!edits.isEmpty() && take(edits.peek(), this::step));
            }
            journal.publish();
        } catch (RuntimeException | Error failed) {
            journal.failed(failed);
        }
    }

    private void judge() {
        Canary canary = routes.canary();
        Verdict verdict = canary == null ? null : canary.verdict();
        if (verdict != null && verdict.decision() == Decision.PROMOTE) {
            take(edit(Kind.VERDICT, CANARY, null, null), this::promote);
        } else if (verdict != null && verdict.decision() == Decision.ROLL_BACK) {
            Served harmful = canary.served();
            take(edit(Kind.VERDICT, harmful.by(), harmful.in(parts.directory()), null), edit -> {
                routes.withdraw(State.ROLLED_BACK, CANARY);
                return journal.rolledBack(edit, harmful, verdict.text());
            });
        }
    }

    private void notice() {
        boolean again = nanoTime() - retried > RETRY.toNanos();
        if (again) {
            retried = nanoTime();
            parts.history().retry();
        }
        // Edits that wait come first, since they may load the change too.
        if (parts.live() && edits.isEmpty()) {
            if (again && journal.isUntried()) {
                parts.folder().settle(null);
            }
            parts.folder().change().ifPresent(files -> edits.add(edit(Kind.LOAD, Edit.FILE_CHANGE, files, null)));
        }
    }

    /**
     * Takes an edit a step further, and returns whether that was its last one. A failure that nobody foresaw ends
     * nothing else.
     *
     * @param step returns the result of the edit; {@code null} if it has to wait
     */
    private boolean take(Edit edit, Function<Edit, Attempt> step) {
        journal.begin();
        Attempt result;
        try {
            result = step.apply(edit);
        } catch (RoutesNotStartedException failed) {
            result = journal.refused(edit, Outcome.REJECTED, Stage.START, failed.getMessage());
        } catch (RuntimeException | Error failed) {
            result = journal.failed(edit, failed);
        }
        if (result == null) {
            return false;
        }
        try {
            if (edits.peek() == edit) {
                edits.remove();
                due = null;
                if (check != null) {
                    check.cancel(true);
                }
                check = null;
                journal.end();
            }
            journal.publish();
        } finally {
            edit.done().complete(result);
        }
        return true;
    }

    /** The steps of an edit of the files in the folder. */
    private Attempt step(Edit edit) {
        if (edit.files() == null) {
            return journal.refused(edit, Outcome.UNTRIED, null, edit.unreadable());
        }
        if (!edit.isCheck() && edit.order() < rolledBack) {
            return journal.refused(edit, Outcome.SUPERSEDED, null, "somebody rolled back meanwhile, so generation "
                    + routes.active().number() + " stays active");
        }
        if (due == null) {
            Attempt unneeded = edit.isCheck() ? null : withoutCheck(edit);
            if (unneeded != null) {
                return unneeded;
            }
            due = nanoTime();
            journal.stage(Stage.CHECK);
        }
        if (check == null && !parts.isChecking().getAsBoolean()) {
            check = parts.check().apply(edit.files());
            check.whenComplete((report, failure) -> parts.thread().execute(this::turn));
        }
        if (check != null && check.isDone()) {
            return checked(edit);
        }
        if (nanoTime() - due <= LONGEST_CHECK.toNanos()) {
            return null;
        }
        String limit = " within " + LONGEST_CHECK.toSeconds() + " s";
        return check == null ? journal.refused(edit, Outcome.UNTRIED, null, "a check of other files has not ended"
                + limit + "; a restart ends it") : unchecked(edit, limit);
    }

    /** Ends an edit whose files take requests already. Returns {@code null} for other edits. */
    private Attempt withoutCheck(Edit edit) {
        parts.folder().settle(edit.files());
        if (routes.canary() != null && routes.canary().served().isOf(edit.files())) {
            return edit.kind() == Kind.ACCEPT ? promote(edit)
                    : journal.same(edit, Outcome.CANARY, List.of(routes.canary().state()));
        }
        if (!routes.active().isOf(edit.files())) {
            return null;
        }
        if (routes.canary() != null) {
            routes.withdraw(State.WITHDRAWN, edit.by());
        }
        return journal.same(edit, Outcome.UNCHANGED, List.of());
    }

    private Attempt checked(Edit edit) {
        Report report;
        try {
            report = check.join();
        } catch (CompletionException failed) {
            return unchecked(edit, ": " + failed.getCause());
        }
        return report.hasErrors() ? journal.rejected(edit, report)
                : edit.isCheck() ? journal.passed(edit, report) : activate(edit, Journal.warnings(report));
    }

    private Attempt unchecked(Edit edit, String reason) {
        return journal.refused(edit, Outcome.REJECTED, Stage.CHECK, edit.files().folder() + ": cannot be checked"
                + reason);
    }

    /** Activates files that have passed the check, or gives them to the canary's share of the sessions. */
    private Attempt activate(Edit edit, List<String> warnings) {
        Reading now = parts.folder().read(SOON);
        if (now.unreadable() == null && !now.files().isSame(edit.files())) {
            parts.folder().settle(null);
            String next = parts.live() ? "the service loads those that are there now" : "reload once more";
            return journal.refused(edit, Outcome.SUPERSEDED, null, "the files in " + parts.directory()
                    + " changed while they were checked; " + next);
        }
        parts.history().newestFirst().stream().filter(each -> each.wasActive() && each.isOf(edit.files())).findFirst()
                .ifPresent(journal::returned);
        journal.stage(Stage.START);
        routes.start(edit.files(), edit.by(), edit.label(), null,
                edit.kind() == Kind.ACCEPT || parts.percent() == 0 ? ActiveRoutes.ALL : parts.percent());
        return journal.changed(edit, warnings);
    }

    /** Gives the canary to all sessions. */
    private Attempt promote(Edit edit) {
        if (routes.canary() == null) {
            return journal.same(edit, Outcome.UNCHANGED, List.of("there is no canary"));
        }
        int proven = routes.canary().served().number();
        String seen = routes.canary().state();
        try {
            routes.promote(edit.by());
        } catch (RuntimeException failed) {
            return journal.refused(edit, Outcome.REJECTED, Stage.START, "generation " + proven + ": "
                    + failed.getMessage());
        }
        return journal.changed(edit, List.of(seen));
    }

    private Attempt rollback(Served wanted, Edit edit) {
        boolean isActive = wanted.number() == routes.active().number();
        boolean changes = !isActive || routes.canary() != null;
        if (!isActive) {
            routes.start(edit.files(), edit.by() + ", back to generation " + wanted.number(), edit.label(),
                    wanted.origin(), ActiveRoutes.ALL);
        } else if (changes) {
            routes.withdraw(State.ROLLED_BACK, edit.by());
        }
        // The rollback is newer than the files in the folder, which stay out until they change.
        rolledBack = order.incrementAndGet();
        Reading now = parts.folder().read(SOON);
        if (now.files() != null) {
            parts.folder().settle(now.files());
        }
        return changes ? journal.changed(edit, List.of()) : journal.same(edit, Outcome.UNCHANGED, List.of());
    }

    private long nanoTime() {
        return parts.nanoTime().getAsLong();
    }
}
