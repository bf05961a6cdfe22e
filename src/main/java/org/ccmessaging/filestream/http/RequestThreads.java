package org.ccmessaging.filestream.http;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.apache.tomcat.util.threads.TaskThreadFactory;

/** Limits concurrent requests, because each request takes memory (decision 0016). */
final class RequestThreads implements Executor {

    private final Executor threads;
    private final Semaphore free;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /** @param threads an executor that runs each task on another thread */
    RequestThreads(Executor threads, int most) {
        this.threads = threads;
        this.free = new Semaphore(most);
    }

    /**
     * Returns a pool. A task gets the thread that became free last, whose stack is still in the CPU cache
     * (decision 0006).
     */
    static Executor platformThreads(String name) {
        return Executors.newCachedThreadPool(new TaskThreadFactory(name, true, Thread.NORM_PRIORITY));
    }

    @Override
    public void execute(Runnable request) {
        waiting.add(request);
        startWaiting();
    }

    /** Starts queued requests after each added or finished request, so no request waits while a permit is free. */
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
