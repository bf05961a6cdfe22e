package org.ccmessaging.filestream.reload;

import java.util.Objects;
import java.util.stream.Stream;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.State;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.RoutesNotStartedException;

/** The active generation and its canary, in the service and in the history. The thread of the worker owns them. */
final class ActiveRoutes {

    static final int ALL = 100;

    private final Parts parts;
    private Served active = Status.NONE.serving();
    private Canary canary;

    ActiveRoutes(Parts parts) {
        this.parts = parts;
    }

    Served active() {
        return active;
    }

    /** Returns the canary; {@code null} if the active generation has all sessions. */
    Canary canary() {
        return canary;
    }

    /**
     * Activates the last promoted generation of the process before.
     *
     * @throws RoutesNotStartedException if a route cannot be started
     */
    void resume(Served last) {
        serve(last.number(), last.in(parts.directory()), ALL);
        active = last;
        put(last);
        audit("routes resumed", last.by(), last);
    }

    /**
     * Starts a generation in place of the canary. A set that cannot be started changes nothing.
     *
     * @param backTo as in {@link Served}
     * @param percent share of the sessions; {@value #ALL} activates the files
     * @throws RoutesNotStartedException if a route cannot be started
     */
    void start(RouteFiles files, String by, String label, Integer backTo, int percent) {
        int number = parts.history().lastNumber() + 1;
        Served next = Served.of(number, files, parts.now(), by, label, backTo);
        // The history has the set before its start, so that a restart knows a set that ended the process.
        put(next);
        try {
            serve(number, files, percent);
        } catch (RuntimeException | Error failed) {
            parts.history().remove(number);
            throw failed;
        }
        audit("routes loaded", by, next);
        Served replaced = forget(State.WITHDRAWN, by);
        if (percent == ALL) {
            State end = backTo == null ? State.FORMER : State.ROLLED_BACK;
            activate(next, end, backTo == null ? null : by, replaced);
        } else {
            canary = parts.canaries().apply(next);
            put(replaced);
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
        Served before = parts.history().active().map(former -> former.ended(end, by)).orElse(null);
        active = next.active(parts.now());
        put(active, before, replaced);
    }

    private void put(Served... generations) {
        parts.history().put(Stream.of(generations).filter(Objects::nonNull).toList());
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
        Served proven = canary.served();
        forget(State.ACTIVE, by);
        activate(proven, State.FORMER, null, null);
        audit("routes promoted", by, active);
    }

    /** Ends the canary. The active generation gets its sessions. */
    Served withdraw(State end, String by) {
        Served withdrawn = forget(end, by);
        parts.serving().withdraw();
        put(withdrawn);
        audit("routes withdrawn", by, withdrawn);
        return withdrawn;
    }

    /** Notes at the stop of the service that nobody has decided against the canary. */
    void stop() {
        put(forget(State.WITHDRAWN, "the stop of the service"));
    }

    private void audit(String event, String by, Served generation) {
        parts.audit().write(event, "by", by, "generation", Integer.toString(generation.number()), "sha256",
                generation.sha256(), "label", generation.label());
    }
}
