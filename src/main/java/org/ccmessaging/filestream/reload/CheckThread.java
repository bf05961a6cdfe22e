package org.ccmessaging.filestream.reload;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.toolkit.PeriodicTasks;

/** One thread for all checks, so that no second one runs beside a check that does not end. */
final class CheckThread implements Seams.Checks, AutoCloseable {

    private final Function<RouteFiles, Report> check;
    private final PeriodicTasks thread = new PeriodicTasks("routes-check", 1);

    CheckThread(Function<RouteFiles, Report> check) {
        this.check = check;
    }

    @Override
    public CompletableFuture<Report> check(RouteFiles files) {
        CompletableFuture<Report> result = new CompletableFuture<>();
        Future<?> task = thread.submit(() -> {
            try {
                result.complete(check.apply(files));
            } catch (RuntimeException | Error failed) {
                result.completeExceptionally(failed);
            }
        });
        result.whenComplete((report, failure) -> task.cancel(true));
        return result;
    }

    @Override
    public boolean isBusy() {
        return thread.getActiveCount() > 0 || !thread.getQueue().isEmpty();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
