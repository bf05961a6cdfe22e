package org.ccmessaging.filestream.http.threads;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds the memory of requests on virtual threads (decision 0030). Each request under way has some 100 KB, and a burst
 * of 10,000 of them, each on a virtual thread of its own, ended in an OutOfMemoryError with a heap of 256 MB. A request
 * beyond the limit waits in the order of arrival, and has nothing yet. On Java 17 the pool of {@link RequestThreads}
 * has the same bound.
 */
public final class RequestLimit implements Executor {

    private final Executor threads;
    private final int most;
    private final AtomicInteger running = new AtomicInteger();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /**
     * @param threads runs each request on a thread of its own
     * @param most requests at the same time, at least 1
     */
    public RequestLimit(Executor threads, int most) {
        this.threads = threads;
        this.most = most;
    }

    @Override
    public void execute(Runnable request) {
        waiting.add(request);
        startWaiting();
    }

    /** A request joins the queue, then looks at the count; one that ends does it in reverse. So none is missed. */
    private void startWaiting() {
        while (!waiting.isEmpty() && running.getAndUpdate(count -> Math.min(count + 1, most)) < most) {
            Runnable request = waiting.poll();
            if (request == null) {
                running.decrementAndGet();
            } else {
                start(request);
            }
        }
    }

    private void start(Runnable request) {
        boolean started = false;
        try {
            threads.execute(() -> {
                try {
                    request.run();
                } finally {
                    running.decrementAndGet();
                    startWaiting();
                }
            });
            started = true;
        } finally {
            if (!started) {
                running.decrementAndGet();
            }
        }
    }
}
