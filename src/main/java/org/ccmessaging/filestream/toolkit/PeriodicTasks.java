package org.ccmessaging.filestream.toolkit;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.util.concurrent.CamelThreadFactory;
import org.springframework.scheduling.support.TaskUtils;

/**
 * Runs tasks at regular intervals on daemon threads. Logs the failure of a task, even an {@link Error}, and runs the
 * task again. Java's own executor would cancel the task.
 */
public final class PeriodicTasks extends ScheduledThreadPoolExecutor {

    /** @param threads at least 1 */
    public PeriodicTasks(String name, int threads) {
        super(threads, new CamelThreadFactory("#name#", name, true));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long pause, TimeUnit unit) {
        return super.scheduleWithFixedDelay(
                TaskUtils.decorateTaskWithErrorHandler(task, null, true), first, pause, unit);
    }
}
