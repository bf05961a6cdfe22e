package org.ccmessaging.filestream.reload;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.ccmessaging.filestream.reload.Edit.Kind;
import org.ccmessaging.filestream.reload.Folder.Reading;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.State;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.RoutesNotStartedException;

/** Changes the active routes as edits, operators and the verdict of a canary want. */
final class Attempts {

    /** Time that the worker waits for a folder that does not respond. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final String CANARY = "canary";

    private final Seams seams;
    private final ActiveRoutes routes;
    private final Journal journal;
    private long rolledBack;

    Attempts(Seams seams, ActiveRoutes routes, Journal journal) {
        this.seams = seams;
        this.routes = routes;
        this.journal = journal;
    }

    /** @param promotion makes an edit for the promotion of a canary */
    void judge(Function<String, Edit> promotion) {
        if (routes.canary() != null) {
            Canary.Verdict verdict = routes.canary().verdict();
            if (verdict.decision() == Canary.Decision.PROMOTE) {
                journal.canaryEnded(promote(promotion.apply(CANARY)).outcome());
            } else if (verdict.decision() == Canary.Decision.ROLL_BACK) {
                journal.rolledBack(routes.withdraw(State.ROLLED_BACK, CANARY), verdict.text());
                journal.canaryEnded(Outcome.ROLLED_BACK);
            } else {
                journal.waits(verdict.text());
            }
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
                    : journal.same(Outcome.CANARY, routes.canary().served(), List.of(routes.canary().state()), edit);
        }
        boolean canary = routes.canary() != null;
        if (canary) {
            routes.withdraw(State.WITHDRAWN, edit.by());
        }
        return journal.unchanged(canary, edit);
    }

    private void settle(RouteFiles files) {
        seams.folder().settle(files);
        journal.forgetUntried();
    }

    Attempt supersede(Edit edit) {
        return journal.refused(Outcome.SUPERSEDED, "generation " + routes.active().number() + " was made to serve"
                + " meanwhile (" + routes.active().by() + "); reload to load these files", edit);
    }

    Attempt activate(Edit edit, List<String> warnings) {
        Reading now = seams.folder().read(SOON);
        if (now.unreadable() == null && !now.files().isSame(edit.files())) {
            seams.folder().settle(null);
            return journal.refused(Outcome.SUPERSEDED, "the files in " + seams.directory() + " changed while they were"
                    + " checked; " + (seams.live() ? "the service loads those that are there now"
                            : "reload once more"), edit);
        }
        seams.history().newestFirst().stream().filter(each -> each.wasActive() && each.isOf(edit.files())).findFirst()
                .ifPresent(journal::returned);
        journal.stage(Stage.START);
        int percent = edit.kind() == Kind.ACCEPT || seams.percent() == 0 ? ActiveRoutes.ALL : seams.percent();
        try {
            routes.start(edit.files(), edit.by(), edit.label(), null, percent);
        } catch (RoutesNotStartedException failed) {
            return journal.rejected(Stage.START, failed.getMessage(), edit);
        }
        return percent == ActiveRoutes.ALL ? journal.served("serves", warnings, edit) : journal.watched(warnings, edit);
    }

    Attempt promote(Edit edit) {
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
        if (routes.canary() != null && wanted.number() == routes.active().number()) {
            routes.withdraw(State.ROLLED_BACK, edit.by());
        } else {
            try {
                routes.start(edit.files(), edit.by() + ", back to generation " + wanted.number(), edit.label(),
                        wanted.origin(), ActiveRoutes.ALL);
            } catch (RoutesNotStartedException failed) {
                return journal.rejected(Stage.START, failed.getMessage(), edit);
            }
        }
        // The rollback is newer than the files in the folder, which stay out until they change.
        rolledBack = place;
        Reading now = seams.folder().read(SOON);
        if (now.files() != null) {
            settle(now.files());
        }
        return journal.served("undone", List.of(), edit);
    }
}
