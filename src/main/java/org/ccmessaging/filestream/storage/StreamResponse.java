package org.ccmessaging.filestream.storage;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.input.ProxyInputStream;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.failure.FileServiceFailedException;
import org.ccmessaging.filestream.failure.FileServiceRefusedException;
import org.ccmessaging.filestream.failure.ObjectNotFoundException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.toolkit.ObjectLocation;

/**
 * The response to step {@code request-stream}, until step {@code take-stream} makes the opened file from it. It is not
 * a stream, and Camel does not convert it to one, so no step in between can read of it.
 */
final class StreamResponse implements StoredObject.Source {

    private final Cancellable request;
    private final ClassicHttpResponse response;
    private final ObjectLocation location;
    private final DownloadSettings settings;
    private final InputStream content;
    private boolean taken;
    private long deadline;
    private String setting;

    /** @param request ends the response */
    StreamResponse(Cancellable request, ClassicHttpResponse response, ObjectLocation location,
            DownloadSettings settings) throws IOException {
        this.request = request;
        this.response = response;
        this.location = location;
        this.settings = settings;
        this.content = response.getEntity() == null ? InputStream.nullInputStream() : response.getEntity().getContent();
    }

    /** Refuses a response that is not the file, or one that would not show an early end. */
    void requireComplete() {
        int status = response.getCode();
        if (Cause.ofStatus(status) == Cause.NOT_FOUND) {
            throw new ObjectNotFoundException("the backend has no such file: HTTP " + status);
        }
        if (status != HttpStatus.SC_OK) {
            String message = "the backend responded with HTTP " + status;
            throw Cause.ofStatus(status) == Cause.UNREACHABLE ? new FileServiceFailedException(message)
                    : new FileServiceRefusedException(message);
        }
        HttpEntity entity = response.getEntity();
        String coding = entity.getContentEncoding();
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            throw new FileServiceRefusedException("the backend sent the file in the coding " + coding);
        }
        if (!entity.isChunked() && length() == StoredObject.UNKNOWN_LENGTH) {
            throw new ReadBrokenException("the backend announced neither a length nor chunks", null);
        }
    }

    /** A response is taken once, so that no route serves it to two requests. */
    boolean takeFor(ObjectLocation wanted) {
        boolean first = wanted == location && !taken;
        taken |= first;
        return first;
    }

    @Override
    public void nextChunk(boolean first, long millisLeft) {
        long nanos = (first ? settings.firstByteTimeout() : settings.stallTimeout()).toNanos();
        long routes = TimeUnit.MILLISECONDS.toNanos(millisLeft);
        setting = routes < nanos ? "routes.timeout" : first ? "download.first-byte-timeout" : "download.stall-timeout";
        deadline = System.nanoTime() + Math.min(nanos, routes);
    }

    /**
     * The bytes of the file, with the deadline of the current chunk. The read timeout of sockets is not enough: a
     * backend that sends single bytes would keep a permit for ever.
     */
    InputStream content() {
        return new ProxyInputStream(content) {
            @Override
            protected void beforeRead(int most) throws IOException {
                if (System.nanoTime() - deadline > 0) {
                    throw new IOException("the stream took longer than filestream." + setting + " allows");
                }
            }
        };
    }

    long length() {
        return Math.max(response.getEntity().getContentLength(), StoredObject.UNKNOWN_LENGTH);
    }

    @Override
    public String version() {
        Header etag = response.getFirstHeader(HttpHeaders.ETAG);
        return etag == null || etag.getValue().startsWith("W/") ? null : etag.getValue();
    }

    @Override
    public void abort() {
        request.cancel();
    }
}
