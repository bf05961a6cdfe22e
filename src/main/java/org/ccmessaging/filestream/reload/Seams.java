package org.ccmessaging.filestream.reload;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.ccmessaging.filestream.observe.AuditLog;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.Serving;
import org.ccmessaging.filestream.routes.check.Report;

/**
 * The parts of the service and of the machine that the worker uses. A simulation replaces all of them.
 *
 * @param directory the folder of the routes, for messages
 * @param live whether changed files are loaded automatically
 * @param percent share of the sessions that a canary gets; 0 for no canary
 * @param thread runs tasks one after the other
 * @param canaries begins the comparison of a generation with the active one
 */
record Seams(Path directory, boolean live, int percent, Executor thread, Folder folder, Checks checks, Serving serving,
        Function<Served, Canary> canaries, History history, Observer observer, Clock clock, LongSupplier nanoTime) {

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /** Checks sets of files in a thread other than the worker's. */
    interface Checks {

        /** @return completes in any thread; {@code cancel(true)} interrupts the check */
        CompletableFuture<Report> check(RouteFiles files);

        /** Returns whether a check still runs, perhaps one that was cancelled. */
        boolean isBusy();
    }

    /** Gets what the worker reports. */
    interface Observer {

        void show(Status status);

        /** @param outcome as metrics name it */
        void count(String outcome);

        /** Writes a line of the audit log, as {@link AuditLog#write}. */
        default void audit(String event, String... namesAndTexts) {
            AuditLog.write(event, namesAndTexts);
        }
    }
}
