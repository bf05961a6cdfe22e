package org.ccmessaging.filestream.reload;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ccmessaging.filestream.reload.Edit.Kind;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Report;
import org.springframework.context.annotation.Primary;

/**
 * Live routes with their worker and without Camel, for tests of what operators see and do. A test writes the only file
 * of the folder, which the service loads when somebody wants it.
 */
@Primary
public final class MadeUpRoutes extends WorkerRig implements LiveRoutes {

    /** When the first generation began to serve. */
    public static final Instant START = Instant.parse(EPOCH);

    /** The error of a file that begins with the word {@code broken}. */
    public static final String BROKEN = "routes/a.camel.yaml:1:1  error R001  is broken";

    private final List<String> callers = new CopyOnWriteArrayList<>();
    private boolean changes;

    public MadeUpRoutes() {
        percent = 0;
        notices = false;
        text = "- route: first";
        label = "release 7";
        start();
    }

    /** Writes the only file of the folder. */
    public synchronized MadeUpRoutes edit(String newText) {
        save(newText);
        return this;
    }

    /** From now on, the folder cannot be read; {@code null}: it can. */
    public synchronized void unreadable(String reason) {
        unreadable = reason;
    }

    /** From now on, files change while they are checked, or they do not. */
    public synchronized void changing(boolean change) {
        changes = change;
    }

    /** Begins to load the folder. Its check lasts until {@link #endCheck}. */
    public synchronized void beginCheck() {
        holdsChecks = true;
        worker.load("jo", Kind.LOAD);
        turn();
    }

    public synchronized void endCheck() {
        holdsChecks = false;
        held.remove(0).complete(Checks.GOOD);
        turn();
    }

    @Override
    CompletableFuture<Report> check(RouteFiles files) {
        text = changes ? text + ", again" : text;
        return super.check(files);
    }

    /** The users who ran the operations, the last one last. */
    public List<String> callers() {
        return List.copyOf(callers);
    }

    @Override
    public Status status() {
        return super.status();
    }

    @Override
    public synchronized Attempt check(String by) {
        callers.add("check: " + by);
        return run(worker.load(by, Kind.CHECK));
    }

    @Override
    public synchronized Attempt reload(String by, boolean accept) {
        callers.add((accept ? "reload and accept: " : "reload: ") + by);
        return run(worker.load(by, accept ? Kind.ACCEPT : Kind.LOAD));
    }

    @Override
    public synchronized Attempt rollback(int number, String by) {
        callers.add("rollback " + number + ": " + by);
        return run(worker.rollback(status().generation(Integer.toString(number)), by));
    }

    @Override
    public synchronized Attempt promote(String by) {
        callers.add("promote: " + by);
        return run(worker.promote(by));
    }
}
