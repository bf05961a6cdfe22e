package org.ccmessaging.filestream.http;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.locks.LockSupport;
import org.apache.commons.io.output.ProxyOutputStream;
import org.ccmessaging.filestream.response.MadeResponse;
import org.ccmessaging.filestream.response.Outcome;
import org.slf4j.MDC;

/**
 * Writes streamed responses on platform threads if requests run on virtual threads (decision 0006). Such a response
 * waits again and again for the next bytes of its object, and each wait costs a virtual thread more. There are few
 * threads, because a slow client keeps its thread. If all are busy, the thread of the request writes the response, and
 * pauses every {@link #CHUNKS} chunks: Java takes no processor from a virtual thread that need not wait.
 */
final class StreamedResponseThreads {

    /** Maximum number of platform threads, since each takes memory (decision 0006). */
    static final int MOST_THREADS = 16 * Runtime.getRuntime().availableProcessors();

    /** Chunks between two pauses, 768 KB. */
    private static final int CHUNKS = 16;

    private final boolean virtualRequests;
    private final Executor threads;

    StreamedResponseThreads(boolean virtualRequests) {
        this.virtualRequests = virtualRequests;
        ThreadPoolExecutor pool = RequestThreads.platformThreads("http-streamed-", MOST_THREADS);
        pool.setRejectedExecutionHandler(new ThreadPoolExecutor.CallerRunsPolicy());
        threads = virtualRequests ? pool : Runnable::run;
    }

    /** Returns when the body is written, with the outcome that it told the client. */
    Outcome write(MadeResponse.Body body, OutputStream out) throws IOException {
        Map<String, String> logContext = MDC.getCopyOfContextMap();
        Thread request = Thread.currentThread();
        try {
            // An interrupt must not end this wait. The other thread still writes the response, and Tomcat would reuse
            // that response for its next request.
            return CompletableFuture.supplyAsync(() -> {
                MDC.setContextMap(logContext);
                try {
                    return body.writeTo(virtualRequests && Thread.currentThread() == request ? new Fair(out) : out);
                } catch (IOException gone) {
                    throw new UncheckedIOException(gone);
                }
            }, threads).join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof UncheckedIOException gone) {
                throw gone.getCause();
            }
            throw failure;
        }
    }

    private static final class Fair extends ProxyOutputStream {

        private int chunks;

        Fair(OutputStream out) {
            super(out);
        }

        @Override
        protected void afterWrite(int count) {
            if (++chunks % CHUNKS == 0) {
                // Thread.yield would let only those run that wait for the same carrier.
                LockSupport.parkNanos(1);
            }
        }
    }
}
