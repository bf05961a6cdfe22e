package org.ccmessaging.filestream.http;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.apache.tomcat.util.threads.TaskThreadFactory;

/**
 * Runs a bounded number of requests at the same time, because each takes memory (decision 0016). Further requests wait
 * in their order of arrival.
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
     * Returns a pool whose threads end when they are idle. It hands a task to the thread that became free last, because
     * the processor still has the stack of that thread in its cache (decision 0006).
     */
    static Executor platformThreads(String name) {
        return Executors.newCachedThreadPool(new TaskThreadFactory(name, true, Thread.NORM_PRIORITY));
    }

    @Override
    public void execute(Runnable request) {
        waiting.add(request);
        startWaiting();
    }

    /** Callers add a request to the queue, or release a permit, before this call. So no request is missed. */
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
