package org.ccmessaging.filestream.routes.testing;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;
import org.springframework.util.ReflectionUtils;

/** Starts services in another thread: while the tests of one run, the next one waits and another one starts. */
final class Starts implements AutoCloseable {

    /** A service, or the exception of its start. */
    private final BlockingQueue<Object> started = new ArrayBlockingQueue<>(1);
    private final Thread thread;

    Starts(List<Supplier<TestService>> services) {
        thread = new Thread(() -> services.stream().allMatch(this::start), "start-of-tests");
        thread.start();
    }

    /** Returns whether the next one is wanted. */
    private boolean start(Supplier<TestService> start) {
        Object service;
        try {
            service = start.get();
        } catch (RuntimeException | Error failed) {
            service = failed;
        }
        try {
            started.put(service);
            return true;
        } catch (InterruptedException ended) {
            close(service);
            return false;
        }
    }

    /** @throws RuntimeException if the service does not start */
    TestService next() {
        try {
            Object next = started.take();
            if (next instanceof TestService service) {
                return service;
            }
            ReflectionUtils.rethrowRuntimeException((Throwable) next);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("interrupted");
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        close(started.poll());
    }

    private static void close(Object started) {
        if (started instanceof TestService service) {
            service.close();
        }
    }
}
