package org.ccmessaging.filestream.reload;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.ccmessaging.filestream.reload.Canary.Decision;
import org.ccmessaging.filestream.reload.Canary.Verdict;
import org.ccmessaging.filestream.reload.Edit.Kind;
import org.ccmessaging.filestream.reload.FolderWatch.Reading;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.Stage;
import org.ccmessaging.filestream.reload.LiveRoutes.State;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.RoutesNotStartedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes the active routes as the start, edits, operators and the verdict of a canary want. */
final class Attempts {

    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    /** Time that the worker waits for a folder that does not respond. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final String CANARY = "canary";

    private final Parts parts;
    private final ActiveRoutes routes;
    private final Journal journal;
    private long rolledBack;

    Attempts(Parts parts, ActiveRoutes routes, Journal journal) {
        this.parts = parts;
        this.routes = routes;
        this.journal = journal;
    }

    /**
     * Activates the last promoted set of the history, and without one the files in the folder.
     *
     * @param first the edit of the files in the folder
     * @param check returns the report of files
     * @return whether the files in the folder serve
     * @throws InvalidRoutesException if neither set passes the check
     */
    boolean start(Served last, Edit first, Function<RouteFiles, Report> check) {
        if (last != null) {
            boolean same = last.isOf(first.files());
            try {
                require(last.in(parts.directory()), check);
                routes.resume(same ? last.labelled(first.label()) : last);
                return same;
            } catch (InvalidRoutesException | RoutesNotStartedException failed) {
                if (same) {
                    throw failed;
                }
                LOG.warn("Generation {}, which served last, cannot serve any more, so the service starts with the files"
                        + " in {}: {}", last.number(), parts.directory(),
                        String.join("\n", InvalidRoutesException.lines(failed)));
            }
        }
        require(first.files(), check);
        routes.start(first.files(), first.by(), first.label(), null, ActiveRoutes.ALL);
        return true;
    }

    private static void require(RouteFiles files, Function<RouteFiles, Report> check) {
        Report report = check.apply(files);
        if (report.hasErrors()) {
            throw new InvalidRoutesException(report);
        }
        Journal.warnings(report).forEach(LOG::warn);
    }

    /** @return whether somebody has decided against the files of an edit before */
    boolean isKeptOut(Edit edit) {
        Served former = parts.history().newestFirst().stream().filter(each -> each.isOf(edit.files())).findFirst()
                .filter(each -> each.state() == State.ROLLED_BACK).orElse(null);
        if (former != null) {
            journal.keptOut(former, edit);
        }
        return former != null;
    }

    /** @param promotion makes an edit for the promotion of a canary */
    void judge(Function<String, Edit> promotion) {
        Verdict verdict = routes.canary() == null ? null : routes.canary().verdict();
        if (verdict != null && verdict.decision() == Decision.PROMOTE) {
            journal.canaryEnded(promote(promotion.apply(CANARY)).outcome());
        } else if (verdict != null && verdict.decision() == Decision.ROLL_BACK) {
            journal.rolledBack(routes.withdraw(State.ROLLED_BACK, CANARY), verdict.text());
            journal.canaryEnded(Outcome.ROLLED_BACK);
        }
    }

    /** Returns whether an edit does not end without a check. */
    boolean needsCheck(Edit edit) {
        RouteFiles files = edit.files();
        boolean needs = files != null && (edit.isCheck()
                || !isSuperseded(edit) && !routes.active().isOf(files) && !isCanary(files));
        if (needs && !edit.isCheck()) {
            settle(files);
        }
        return needs;
    }

    /** Returns whether a rollback came after an edit. */
    boolean isSuperseded(Edit edit) {
        return !edit.isCheck() && edit.order() < rolledBack;
    }

    private boolean isCanary(RouteFiles files) {
        return routes.canary() != null && routes.canary().served().isOf(files);
    }

    Attempt withoutCheck(Edit edit) {
        if (edit.files() == null) {
            return journal.refused(Outcome.UNTRIED, edit.unreadable(), edit);
        }
        if (isSuperseded(edit)) {
            return supersede(edit);
        }
        settle(edit.files());
        if (isCanary(edit.files())) {
            return edit.kind() == Kind.ACCEPT ? promote(edit)
                    : journal.same(Outcome.CANARY, List.of(routes.canary().state()), edit);
        }
        if (routes.canary() != null) {
            routes.withdraw(State.WITHDRAWN, edit.by());
        }
        return journal.same(Outcome.UNCHANGED, List.of(), edit);
    }

    private void settle(RouteFiles files) {
        parts.folder().settle(files);
        journal.forgetUntried();
    }

    Attempt supersede(Edit edit) {
        return journal.refused(Outcome.SUPERSEDED, "somebody rolled back meanwhile, so generation "
                + routes.active().number() + " stays active; reload to load these files", edit);
    }

    Attempt activate(Edit edit, List<String> warnings) {
        Reading now = parts.folder().read(SOON);
        if (now.unreadable() == null && !now.files().isSame(edit.files())) {
            parts.folder().settle(null);
            return journal.refused(Outcome.SUPERSEDED, "the files in " + parts.directory() + " changed while they were"
                    + " checked; " + (parts.live() ? "the service loads those that are there now"
                            : "reload once more"), edit);
        }
        parts.history().newestFirst().stream().filter(each -> each.wasActive() && each.isOf(edit.files())).findFirst()
                .ifPresent(journal::returned);
        journal.stage(Stage.START);
        int percent = edit.kind() == Kind.ACCEPT || parts.percent() == 0 ? ActiveRoutes.ALL : parts.percent();
        try {
            routes.start(edit.files(), edit.by(), edit.label(), null, percent);
        } catch (RoutesNotStartedException failed) {
            return journal.rejected(Stage.START, failed.getMessage(), edit);
        }
        return percent == ActiveRoutes.ALL ? journal.served("serves", warnings, edit) : journal.watched(warnings, edit);
    }

    /** Gives the canary to all sessions. */
    Attempt promote(Edit edit) {
        if (routes.canary() == null) {
            return journal.same(Outcome.UNCHANGED, List.of("there is no canary"), edit);
        }
        Served proven = routes.canary().served();
        String seen = routes.canary().state();
        try {
            routes.promote(edit.by());
        } catch (RuntimeException failed) {
            return journal.rejected(Stage.START, "generation " + proven.number() + ": " + failed.getMessage(), edit);
        }
        return journal.served("serves", List.of(seen), edit);
    }

    /** @param place of the rollback in the order of edits */
    Attempt rollback(Served wanted, Edit edit, long place) {
        boolean isActive = wanted.number() == routes.active().number();
        boolean changes = !isActive || routes.canary() != null;
        if (isActive && changes) {
            routes.withdraw(State.ROLLED_BACK, edit.by());
        } else if (changes) {
            try {
                routes.start(edit.files(), edit.by() + ", back to generation " + wanted.number(), edit.label(),
                        wanted.origin(), ActiveRoutes.ALL);
            } catch (RoutesNotStartedException failed) {
                return journal.rejected(Stage.START, failed.getMessage(), edit);
            }
        }
        // The rollback is newer than the files in the folder, which stay out until they change.
        rolledBack = place;
        Reading now = parts.folder().read(SOON);
        if (now.files() != null) {
            settle(now.files());
        }
        return changes ? journal.served("undone", List.of(), edit)
                : journal.same(Outcome.UNCHANGED, List.of(), edit);
    }
}
