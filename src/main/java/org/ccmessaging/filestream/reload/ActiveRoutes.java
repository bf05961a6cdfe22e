package org.ccmessaging.filestream.reload;

import java.util.function.Function;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.State;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.RoutesNotStartedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The active generation and its canary, in the service and in the history. The thread of the worker owns them. */
final class ActiveRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(ActiveRoutes.class);

    static final int ALL = 100;

    private final Parts parts;
    private Canary canary;

    ActiveRoutes(Parts parts) {
        this.parts = parts;
    }

    /** Returns the active generation: before a start has activated one, that of the process before. */
    Served active() {
        return parts.history().active().orElse(Status.NONE.serving());
    }

    /** Returns the canary; {@code null} if the active generation has all sessions. */
    Canary canary() {
        return canary;
    }

    /**
     * Activates the last promoted set of the history, and without one the files in the folder.
     *
     * @param last of the process before; {@code null} if it does not count
     * @param first the edit of the files in the folder
     * @param check returns the report of files
     * @return whether the files in the folder serve
     * @throws InvalidRoutesException if neither set passes the check
     * @throws RoutesNotStartedException if a route cannot be started
     */
    boolean begin(Served last, Edit first, Function<RouteFiles, Report> check) {
        boolean isSame = last != null && last.isOf(first.files());
        try {
            if (last != null) {
                require(last.in(parts.directory()), check);
                serve(last.number(), last.in(parts.directory()), ALL);
                parts.history().put(isSame ? last.labelled(first.label()) : last);
                audit("routes resumed", last.by(), last);
                return isSame;
            }
        } catch (InvalidRoutesException | RoutesNotStartedException failed) {
            if (isSame) {
                throw failed;
            }
            LOG.warn("Generation {}, which served last, cannot serve any more, so the service starts with the files"
                    + " in {}: {}", last.number(), parts.directory(),
                    String.join("\n", InvalidRoutesException.lines(failed)));
        }
        require(first.files(), check);
        start(first.files(), first.by(), first.label(), null, ALL);
        return true;
    }

    private static void require(RouteFiles files, Function<RouteFiles, Report> check) {
        Report report = check.apply(files);
        if (report.hasErrors()) {
            throw new InvalidRoutesException(report);
        }
        Journal.warnings(report).forEach(LOG::warn);
    }

    /**
     * Starts a generation in place of the canary. A set that cannot be started changes nothing.
     *
     * @param backTo as in {@link Served}
     * @param percent share of the sessions; {@value #ALL} activates the files
     * @throws RoutesNotStartedException if a route cannot be started
     */
    void start(RouteFiles files, String by, String label, Integer backTo, int percent) {
        Served next = Served.of(parts.history().lastNumber() + 1, files, parts.now(), by, label, backTo);
        // The history has the set before its start, so that a restart knows a set that ended the process.
        parts.history().put(next);
        try {
            serve(next.number(), files, percent);
        } catch (RuntimeException | Error failed) {
            parts.history().remove(next.number());
            throw failed;
        }
        audit("routes loaded", by, next);
        Served replaced = forget(State.WITHDRAWN, by);
        if (percent == ALL) {
            activate(next, backTo == null ? State.FORMER : State.ROLLED_BACK, backTo == null ? null : by, replaced);
        } else {
            canary = parts.canaries().apply(next);
            parts.history().put(replaced);
        }
    }

    private void serve(int number, RouteFiles files, int percent) {
        try {
            parts.serving().serve(number, files, percent);
        } catch (RuntimeException failure) {
            throw new RoutesNotStartedException(files, failure);
        }
    }

    /** Ends what the history has as active: at a start, that is the set of the process before. */
    private void activate(Served next, State end, String by, Served replaced) {
        parts.history().put(next.active(parts.now()), replaced,
                parts.history().active().map(former -> former.ended(end, by)).orElse(null));
    }

    /** Ends the comparison with a canary, and returns its generation; {@code null} without a canary. */
    private Served forget(State end, String by) {
        if (canary == null) {
            return null;
        }
        Served ended = canary.served().ended(end, by);
        canary.end();
        canary = null;
        return ended;
    }

    /** Gives the canary to all sessions. If that fails, the active generation has them all. */
    void promote(String by) {
        try {
            parts.serving().promote();
        } catch (RuntimeException | Error failed) {
            withdraw(State.ROLLED_BACK, by);
            throw failed;
        }
        activate(forget(State.ACTIVE, by), State.FORMER, null, null);
        audit("routes promoted", by, active());
    }

    /** Ends the canary. The active generation gets its sessions. */
    void withdraw(State end, String by) {
        Served withdrawn = forget(end, by);
        parts.serving().withdraw();
        parts.history().put(withdrawn);
        audit("routes withdrawn", by, withdrawn);
    }

    /** Notes at the stop of the service that nobody has decided against the canary. */
    void stop() {
        parts.history().put(forget(State.WITHDRAWN, "the stop of the service"));
    }

    private void audit(String event, String by, Served generation) {
        parts.audit().write(event, "by", by, "generation", Integer.toString(generation.number()), "sha256",
                generation.sha256(), "label", generation.label());
    }
}
