package org.ccmessaging.filestream.reload;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.Serving;
import org.ccmessaging.filestream.routes.check.Report;

/**
 * The parts of the service and of the machine that the worker uses. A simulation replaces them.
 *
 * @param directory the folder of the routes, for messages
 * @param live whether changed files are loaded automatically
 * @param percent share of the sessions that a canary gets; 0 for no canary
 * @param thread runs tasks one after the other
 * @param check begins a check in another thread; {@code cancel(true)} interrupts it
 * @param isChecking returns whether a check still runs, perhaps one that was cancelled
 * @param canaries begins the comparison of a generation with the active one
 */
record Parts(Path directory, boolean live, int percent, Executor thread, FolderWatch folder,
        Function<RouteFiles, CompletableFuture<Report>> check, BooleanSupplier isChecking, Serving serving,
        Function<Served, Canary> canaries, History history, ReloadMeters meters, Audit audit, InstantSource clock,
        LongSupplier nanoTime) {

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /** Writes a line of the audit log, as {@link org.ccmessaging.filestream.observe.AuditLog#write}. */
    interface Audit {

        void write(String event, String... namesAndTexts);
    }
}
