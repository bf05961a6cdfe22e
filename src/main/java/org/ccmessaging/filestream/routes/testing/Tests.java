package org.ccmessaging.filestream.routes.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Knows which test runs, and which threads work for it, so that a line of the log finds its test. */
final class Tests extends AppenderBase<ILoggingEvent> implements Filter {

    private static final long LONGEST_SECONDS = 10;

    private final ThreadLocal<Running> ofThread = new ThreadLocal<>();
    private volatile Running running;
    private int requests;

    /** The test that runs now; {@code null} between two tests. */
    Running running() {
        return running;
    }

    void run(Running test) {
        running = test;
    }

    /** Works for a test in this thread. */
    boolean within(Running test, BooleanSupplier work) {
        Running outer = ofThread.get();
        ofThread.set(test);
        try {
            return work.getAsBoolean();
        } finally {
            restore(outer);
        }
    }

    private void restore(Running outer) {
        if (outer == null) {
            ofThread.remove();
        } else {
            ofThread.set(outer);
        }
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Running outer = ofThread.get();
        ofThread.set(running);
        count(1);
        try {
            chain.doFilter(request, response);
        } finally {
            count(-1);
            restore(outer);
        }
    }

    private synchronized void count(int more) {
        requests += more;
        notifyAll();
    }

    /** Waits until the service is done with all requests, since steps may run after the response has left. */
    synchronized void awaitEnd() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        try {
            for (long left = end - System.nanoTime(); requests > 0 && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        Running test = ofThread.get();
        if (test != null && event.getLevel().isGreaterOrEqual(Level.WARN)) {
            test.log().add(new Running.LogLine(event.getLevel() == Level.ERROR, event.getFormattedMessage()));
        }
    }
}
