package org.ccmessaging.filestream.http;

import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.tomcat.util.threads.TaskThreadFactory;

/**
 * Runs a bounded number of requests at the same time, because each takes memory (decision 0016). Further requests wait
 * in their order of arrival.
 */
public final class RequestThreads implements Executor {

    /** System property for the number of carriers, on Java 21 and newer ({@link Thread}, implementation note). */
    private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

    private static final int IDLE_SECONDS = 60;

    private final Executor threads;
    private final Semaphore free;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /** @param threads runs each task on another thread */
    RequestThreads(Executor threads, int most) {
        this.threads = threads;
        this.free = new Semaphore(most);
    }

    /**
     * Returns threads that end when they are idle. The queue hands a task to the thread that became free last, because
     * the processor still has the stack of that thread in its cache (decision 0006).
     */
    static Executor platformThreads() {
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(),
                new TaskThreadFactory("http-exec-", true, Thread.NORM_PRIORITY));
    }

    /**
     * Sets two carriers of virtual threads for each processor, unless the operator has set their number (decision
     * 0006). Call this method before the first virtual thread starts.
     */
    public static void addCarriers(Properties system, int processors) {
        system.putIfAbsent(CARRIERS, String.valueOf(2 * processors));
    }

    @Override
    public void execute(Runnable request) {
        waiting.add(request);
        startWaiting();
    }

    /** A request joins the queue before this call, and a thread releases its permit before. So none is missed. */
    private void startWaiting() {
        while (!waiting.isEmpty() && free.tryAcquire()) {
            Runnable request = waiting.poll();
            if (request == null) {
                free.release();
            } else {
                start(request);
            }
        }
    }

    private void start(Runnable request) {
        try {
            threads.execute(() -> run(request));
        } catch (RuntimeException | Error refused) {
            free.release();
            throw refused;
        }
    }

    private void run(Runnable request) {
        try {
            request.run();
        } finally {
            free.release();
            startWaiting();
        }
    }
}
