package org.ccmessaging.filestream.reload;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.ccmessaging.filestream.observe.AuditLog;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Report;

/**
 * What the worker needs of the service and of the machine. A simulation replaces all of it.
 *
 * @param directory the folder of the routes, for messages
 * @param live whether changed files are loaded automatically
 * @param percent share of the sessions that a canary gets; 0 for no canary
 * @param thread runs tasks one after the other
 */
record Seams(Path directory, boolean live, int percent, Executor thread, Folder folder, Checks checks,
        Generations generations, Canaries canaries, History history, Observer observer, Clock clock,
        LongSupplier nanoTime) {

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

    /** The generations of the service. */
    interface Generations {

        /**
         * Starts a generation beside the active one.
         *
         * @param percent share of the sessions that it gets; 100 activates it
         */
        void start(int number, RouteFiles files, int percent);

        void promote();

        void withdraw();

        List<Integer> draining();
    }

    /** Makes the comparison of a canary with the active generation. */
    @FunctionalInterface
    interface Canaries {

        Canary begin(Served active, Served canary, int percent);
    }

    /** Gets what the worker reports. */
    interface Observer {

        /** Publishes a state. */
        void show(Status status);

        /** @param outcome as metrics name it */
        void count(String outcome);

        /** Writes a line of the audit log, as {@link AuditLog#write}. */
        default void audit(String event, String... namesAndTexts) {
            AuditLog.write(event, namesAndTexts);
        }
    }
}
