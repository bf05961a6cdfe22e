package org.ccmessaging.filestream.reload;

import java.util.stream.Stream;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.State;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.RoutesNotStartedException;

/** The active generation and its canary, in the service and in the history. The thread of the worker owns them. */
final class ActiveRoutes {

    static final int ALL = 100;

    private final Seams seams;
    private final History history;
    private Served active = Status.NONE.serving();
    private Canary canary;

    ActiveRoutes(Seams seams) {
        this.seams = seams;
        this.history = seams.history();
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
        start(last.number(), last.in(seams.directory()), ALL);
        active = last;
        history.put(last);
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
        int number = history.lastNumber() + 1;
        Served next = new Served(number, files.sha256(), seams.now(), by, label, backTo, null, State.CANARY, null,
                files.texts());
        // First, so that a restart knows a set that ends the process while it starts.
        history.put(next);
        try {
            start(number, files, percent);
        } catch (RuntimeException | Error failed) {
            history.remove(number);
            throw failed;
        }
        audit("routes loaded", by, next);
        Served replaced = canary == null ? null : canary.served().ended(State.WITHDRAWN, by);
        canary = null;
        if (percent == ALL) {
            activate(next, backTo == null ? active.ended(State.FORMER, null) : active.ended(State.ROLLED_BACK, by),
                    replaced);
        } else {
            canary = seams.canaries().begin(active, next, percent);
            put(replaced);
        }
    }

    private void start(int number, RouteFiles files, int percent) {
        try {
            seams.generations().start(number, files, percent);
        } catch (RuntimeException failure) {
            throw new RoutesNotStartedException(files, failure);
        }
    }

    private void activate(Served next, Served... before) {
        active = next.active(seams.now());
        put(Stream.concat(Stream.of(active), Stream.of(before)).toArray(Served[]::new));
    }

    /** The state before the first generation has no number. */
    private void put(Served... generations) {
        history.put(Stream.of(generations).filter(each -> each != null && each.number() > 0).toArray(Served[]::new));
    }

    /** Gives the canary to all sessions. If that fails, the active generation has them all. */
    void promote(String by) {
        Served proven = canary.served();
        try {
            seams.generations().promote();
        } catch (RuntimeException | Error failed) {
            withdraw(State.ROLLED_BACK, by);
            throw failed;
        }
        canary = null;
        activate(proven, active.ended(State.FORMER, null));
        audit("routes promoted", by, active);
    }

    /** Ends the canary. The active generation gets its sessions. */
    void withdraw(State end, String by) {
        Served withdrawn = canary.served().ended(end, by);
        canary = null;
        seams.generations().withdraw();
        history.put(withdrawn);
        audit("routes withdrawn", by, withdrawn);
    }

    /** Notes at the stop of the service that nobody has decided against the canary. */
    void stop() {
        if (canary != null) {
            history.put(canary.served().ended(State.WITHDRAWN, "the stop of the service"));
        }
    }

    private void audit(String event, String by, Served generation) {
        seams.observer().audit(event, "by", by, "generation", Integer.toString(generation.number()), "sha256",
                generation.sha256(), "label", generation.label());
    }

    /** Returns the last generation with these files; {@code null} if the history has none. */
    Served last(RouteFiles files) {
        return history.newestFirst().stream().filter(each -> each.isOf(files)).findFirst().orElse(null);
    }

    boolean isActive(RouteFiles files) {
        return active.isOf(files);
    }

    boolean isCanary(RouteFiles files) {
        return canary != null && canary.served().isOf(files);
    }
}
