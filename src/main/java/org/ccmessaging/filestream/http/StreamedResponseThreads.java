package org.ccmessaging.filestream.http;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.ccmessaging.filestream.response.MadeResponse;
import org.ccmessaging.filestream.response.Outcome;
import org.slf4j.MDC;

/**
 * Writes streamed responses on platform threads if requests run on virtual threads (decision 0006). A streamed response
 * often waits for the next bytes of the object, and each wait costs more on a virtual thread. The permits of downloads
 * limit the number of these platform threads.
 */
final class StreamedResponseThreads {

    private final Executor threads;

    StreamedResponseThreads(boolean virtualRequests) {
        threads = virtualRequests ? RequestThreads.platformThreads("http-streamed-") : Runnable::run;
    }

    /** Writes the body and waits for its end. Returns the outcome that the body told the client. */
    Outcome write(MadeResponse.WritableBody body, OutputStream out) throws IOException {
        Map<String, String> logContext = MDC.getCopyOfContextMap();
        try {
            // Waits by join(), which ignores interrupts. If an interrupt ended the wait, Tomcat would reuse the
            // response object for another request while the platform thread still writes to the object.
            return CompletableFuture.supplyAsync(() -> {
                MDC.setContextMap(logContext);
                try {
                    return body.writeTo(out);
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
}
