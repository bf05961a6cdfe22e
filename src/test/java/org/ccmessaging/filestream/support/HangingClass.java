package org.ccmessaging.filestream.support;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Ends the JVM of a test class that hangs, after the stacks of all threads. JUnit's own time-outs cover no
 * {@code @AutoClose} and no wait that ignores an interrupt. JUnit finds this class through its services file.
 */
public final class HangingClass implements BeforeAllCallback {

    /** Four times what the slowest class takes. */
    private static final long LONGEST_MINUTES = 15;

    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "hanging-class");
        thread.setDaemon(true);
        return thread;
    });

    @Override
    public void beforeAll(ExtensionContext context) {
        Future<?> end = CLOCK.schedule(() -> end(context.getDisplayName()), LONGEST_MINUTES, TimeUnit.MINUTES);
        context.getStore(ExtensionContext.Namespace.create(HangingClass.class, context.getUniqueId()))
                .put("end", (AutoCloseable) () -> end.cancel(false));
    }

    private static void end(String name) {
        StringBuilder stacks = new StringBuilder(name + " has not ended after " + LONGEST_MINUTES + " minutes:\n");
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            stacks.append(thread).append(' ').append(thread.getState()).append('\n');
            for (StackTraceElement frame : stack) {
                stacks.append("    ").append(frame).append('\n');
            }
        });
        // Maven's own stream would lose it at the halt.
        new PrintStream(new FileOutputStream(FileDescriptor.err), true).println(stacks);
        Runtime.getRuntime().halt(1);
    }
}
