package org.ccmessaging.filestream.http;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.apache.tomcat.util.threads.TaskThreadFactory;

/**
 * Limits the number of requests that run at the same time, because each request takes memory (decision 0016). Further
 * requests wait in the order of arrival.
 */
final class RequestThreads implements Executor {

    private final Executor threads;
    private final Semaphore free;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /** @param threads runs each task on another thread */
    RequestThreads(Executor threads, int most) {
        this.threads = threads;
        this.free = new Semaphore(most);
    }

    /**
     * Returns a pool whose idle threads end after a minute. The pool hands a task to the thread that became free last:
     * the CPU cache still contains the stack of that thread (decision 0006).
     */
    static Executor platformThreads(String name) {
        return Executors.newCachedThreadPool(new TaskThreadFactory(name, true, Thread.NORM_PRIORITY));
    }

    @Override
    public void execute(Runnable request) {
        waiting.add(request);
        startWaiting();
    }

    /** Starts waiting requests while permits are free. Callers have just added a request or released a permit. */
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
