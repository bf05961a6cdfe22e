package org.ccmessaging.filestream.http;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.tomcat.util.threads.TaskThreadFactory;

/**
 * Threads of the system for requests, where there are no virtual ones: the thread that became free last takes the next
 * request, since the processor still knows its stack. Tomcat's own pool gives requests to its threads by turns, so
 * after a burst of 256 clients each request costs a tenth more, for as long as some come every second (bench/results).
 * Where all threads are busy, requests wait in the order of arrival, as in Tomcat's.
 */
final class RequestThreads extends ThreadPoolExecutor {

    private static final int IDLE_SECONDS = 60;

    private final AtomicInteger busy = new AtomicInteger();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final Runnable takeWaiting = this::takeWaiting;

    /** @param most how many there are at the most; there is none before the first request */
    RequestThreads(int most) {
        // That queue holds nothing, and hands over to the thread that began to wait last.
        super(0, most, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(),
                new TaskThreadFactory("http-exec-", true, Thread.NORM_PRIORITY));
        setRejectedExecutionHandler((task, pool) -> {
            if (task instanceof Request request) {
                await(request);
            }
        });
    }

    @Override
    public void execute(Runnable request) {
        super.execute(new Request(request));
    }

    private void await(Request request) {
        waiting.add(request.request);
        // A thread says that it is free and then looks for who waits, and here it is the other way round: so one of the
        // two sees the other, and no request is left while a thread is free.
        while (busy.get() < getMaximumPoolSize() && !waiting.isEmpty() && !isShutdown()) {
            super.execute(takeWaiting);
            Thread.yield();
        }
    }

    private void takeWaiting() {
        for (Runnable request = waiting.poll(); request != null; request = waiting.poll()) {
            run(request);
        }
    }

    private void run(Runnable request) {
        busy.incrementAndGet();
        try {
            request.run();
        } catch (RuntimeException | Error failure) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
        } finally {
            busy.decrementAndGet();
        }
    }

    private final class Request implements Runnable {

        private final Runnable request;

        private Request(Runnable request) {
            this.request = request;
        }

        @Override
        public void run() {
            RequestThreads.this.run(request);
            takeWaiting();
        }
    }
}
