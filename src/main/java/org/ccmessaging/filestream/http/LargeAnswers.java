package org.ccmessaging.filestream.http;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.tomcat.util.threads.TaskThreadFactory;
import org.ccmessaging.filestream.response.StreamingBody;
import org.slf4j.MDC;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Writes answers that are made while they are sent, where requests run on virtual threads by a few threads of the
 * system. Such an answer waits again and again for more of its object, and each wait costs a virtual thread several
 * times what it costs a thread of the system: of 2 MB up to half of the CPU (bench/results).
 *
 * <p>There are few, since a slow client keeps its thread, and each takes some memory. What comes while all are busy is
 * written by the thread of its request, as small answers are.
 */
@Component
final class LargeAnswers {

    /** How many threads there are at the most. */
    static final int MOST_THREADS = 32;

    private static final int IDLE_SECONDS = 60;

    private final Executor threads;

    @Autowired
    LargeAnswers(Environment environment) {
        this(Threading.VIRTUAL.isActive(environment));
    }

    /** @param virtualRequests whether requests run on virtual threads */
    LargeAnswers(boolean virtualRequests) {
        // Without a thread that stays, so that nothing is to be closed.
        threads = virtualRequests ? new ThreadPoolExecutor(0, MOST_THREADS, IDLE_SECONDS, TimeUnit.SECONDS,
                new SynchronousQueue<>(), new TaskThreadFactory("http-large-", true, Thread.NORM_PRIORITY),
                new ThreadPoolExecutor.CallerRunsPolicy()) : Runnable::run;
    }

    /**
     * Writes the whole body, and returns when it is written.
     *
     * @throws IOException where the receiver does not take it
     */
    void write(StreamingBody body, OutputStream out) throws IOException {
        Map<String, String> logContext = MDC.getCopyOfContextMap();
        try {
            // Joined, and not waited for in a way that an interrupt ends: the response is that thread's until it has
            // let go of it, and the container's next request would get it meanwhile.
            CompletableFuture.runAsync(() -> write(body, out, logContext), threads).join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof UncheckedIOException gone) {
                throw gone.getCause();
            }
            throw failure;
        }
    }

    private static void write(StreamingBody body, OutputStream out, Map<String, String> logContext) {
        if (logContext == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(logContext);
        }
        try {
            body.writeTo(out);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
