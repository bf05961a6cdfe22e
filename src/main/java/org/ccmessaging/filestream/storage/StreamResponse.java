package org.ccmessaging.filestream.storage;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.input.ProxyInputStream;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.toolkit.ObjectLocation;

/**
 * The response to step {@code request-stream}, until step {@code take-stream} makes the opened file from it. It is not
 * a stream, and Camel does not convert it to one, so no step in between can read of it.
 */
final class StreamResponse implements StoredObject.Source {

    private final Runnable end;
    private final InputStream content;
    private final long length;
    private final String version;
    private final ObjectLocation location;
    private final DownloadSettings settings;
    private boolean taken;
    private long deadline;
    private String setting;

    /**
     * @param end ends the response
     * @param length in bytes, or {@link StoredObject#UNKNOWN_LENGTH}
     * @param version a strong ETag; {@code null} if unknown
     */
    StreamResponse(Runnable end, InputStream content, long length, String version, ObjectLocation location,
            DownloadSettings settings) {
        this.end = end;
        this.content = content;
        this.length = length;
        this.version = version;
        this.location = location;
        this.settings = settings;
    }

    /**
     * Makes the opened file. Each read has the deadline of the current chunk. The read timeout of sockets is not
     * enough: a backend that sends single bytes would keep a permit for ever.
     *
     * @return {@code null} if the response is for another location, or was taken before
     */
    StoredObject takeFor(ObjectLocation wanted) {
        if (wanted != location || taken) {
            return null;
        }
        taken = true;
        return new StoredObject(new ProxyInputStream(content) {
            @Override
            protected void beforeRead(int most) throws IOException {
                if (System.nanoTime() - deadline > 0) {
                    throw new IOException("the stream took longer than filestream." + setting + " allows");
                }
            }
        }, length, settings.maxFileSize().toBytes(), this);
    }

    @Override
    public void nextChunk(boolean first, long millisLeft) {
        long nanos = (first ? settings.firstByteTimeout() : settings.stallTimeout()).toNanos();
        long routes = TimeUnit.MILLISECONDS.toNanos(millisLeft);
        setting = routes < nanos ? "routes.timeout" : first ? "download.first-byte-timeout" : "download.stall-timeout";
        deadline = System.nanoTime() + Math.min(nanos, routes);
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public void abort() {
        end.run();
    }
}
