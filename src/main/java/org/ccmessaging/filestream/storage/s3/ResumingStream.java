package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.Counter;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.http.HttpHeaders;
import org.apache.http.HttpStatus;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.storage.s3.Deadlines.Deadline;
import org.ccmessaging.filestream.storage.s3.ObjectGet.ObjectResponse;
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Reads an S3 object over one or more connections (contract section 4.3, decision 0001). When a connection breaks,
 * the stream requests the rest of the same version if the store has sent a strong ETag and a length.
 *
 * <p>The stream compares the checksum before it returns the last bytes. If the length is unknown, the stream compares
 * the checksum at the end of the body.
 *
 * <p>This class is not thread-safe. Another thread may read the stream, but its reads end before the thread of the
 * request closes the stream.
 */
final class ResumingStream extends InputStream implements StoredObject.Source {

    /** Maximum number of consecutive attempts to resume that bring no new byte. */
    private static final int MOST_WITHOUT_PROGRESS = 3;

    /** Maximum number of attempts to resume a stream, even if each attempt brings bytes. rclone has the same limit. */
    private static final int MOST = 10;

    /** Base of the random pauses, in ms. Without a new byte, attempt 2 waits up to 200 ms, attempt 3 up to 400 ms. */
    private static final long PAUSE_MILLIS = 50;

    private static final Logger LOG = LoggerFactory.getLogger(ResumingStream.class);

    private final ObjectGet get;
    private final Counter resumed;
    private final Counter givenUp;
    private final String etag;
    private final long length;
    private final ObjectChecksum checksum;
    private final Deadlines deadlines;
    private Deadline deadline;
    private StoreHttpClient.ObjectBody current;
    private long offset;
    private int attempts;
    private int withoutProgress;

    ResumingStream(ObjectGet get, ObjectResponse first, Deadlines deadlines, Counter resumed, Counter givenUp) {
        this.length = first.length();
        this.etag = first.strongEtag();
        this.checksum = ObjectChecksum.of(first::header);
        this.current = first.body();
        this.get = get;
        this.deadlines = deadlines;
        this.deadline = get.deadline;
        this.resumed = resumed;
        this.givenUp = givenUp;
    }

    boolean hasChecksum() {
        return checksum.computed() != null;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public void nextChunk(boolean first) {
        deadline = first ? get.deadline : deadlines.ofNextChunk();
    }

    @Override
    public int read(byte[] buffer, int from, int most) throws IOException {
        return deadlines.within(deadline, () -> readOn(buffer, from, most));
    }

    private int readOn(byte[] buffer, int from, int most) throws IOException {
        while (true) {
            try {
                if (Thread.currentThread().isInterrupted()) {
                    throw AbortedException.create("Thread was interrupted");
                }
                int count = current.read(buffer, from, most);
                if (count > 0) {
                    offset += count;
                    withoutProgress = 0;
                    checksum.update(buffer, from, count);
                } else if (count < 0 && offset < length) {
                    throw new EOFException("the object ended early");
                }
                if (length == StoredObject.UNKNOWN_LENGTH ? count < 0 : count > 0 && offset == length) {
                    checksum.compare();
                }
                return count;
            } catch (IOException | SdkException broken) {
                resume(broken);
            }
        }
    }

    /** @throws IOException if the read cannot resume */
    private void resume(Exception broken) throws IOException {
        // Frees this connection, because the pool may have no other connection for the next request.
        current.abort();
        String refusal;
        try {
            refusal = refusal(broken);
            if (refusal == null) {
                attempts++;
                withoutProgress++;
                if (withoutProgress > 1) {
                    // The first attempt does not wait, because usually only this connection is broken.
                    deadlines.pause(ThreadLocalRandom.current().nextLong(PAUSE_MILLIS << withoutProgress));
                }
                ObjectResponse rest = get.rest(offset, etag, deadline);
                current = rest.body();
                refusal = mismatch(rest);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            refusal = "interrupted";
        } catch (RuntimeException failure) {
            refusal = failure.getMessage();
        }
        (refusal == null ? resumed : givenUp).increment();
        if (refusal != null) {
            throw new IOException(broken.getMessage() + "; not resumed: " + refusal, broken);
        }
        LOG.atInfo().setMessage("read resumed").addKeyValue("branch", get.origin.object().branch())
                .addKeyValue("key", LogText.visible(get.origin.object().key())).addKeyValue("offset", offset)
                .addKeyValue("length", length).addKeyValue("attempt", attempts)
                .addKeyValue("reason", LogText.visible(broken.getMessage())).log();
    }

    /** Returns why the read cannot resume; {@code null} if the read can resume. */
    private String refusal(Exception broken) {
        if (offset >= length) {
            // All bytes have arrived, or the length is unknown.
            return length == StoredObject.UNKNOWN_LENGTH ? "the store announced no length" : "no byte is missing";
        }
        if (etag == null) {
            return "the object has no strong ETag";
        }
        if (broken instanceof AbortedException) {
            return "interrupted";
        }
        if (deadlines.passed(deadline)) {
            return deadline.setting() + " has passed";
        }
        if (attempts == MOST || withoutProgress == MOST_WITHOUT_PROGRESS) {
            return "resumed " + attempts + " times before";
        }
        return null;
    }

    /** Returns {@code null} if the response is the rest of the object. A store may ignore {@code If-Match}. */
    private String mismatch(ObjectResponse rest) {
        int status = rest.head().getStatusLine().getStatusCode();
        if (status != HttpStatus.SC_PARTIAL_CONTENT) {
            return "the store responded with " + status + " to a request for a range";
        }
        String range = "bytes " + offset + "-" + (length - 1) + "/" + length;
        if (!range.equals(rest.header(HttpHeaders.CONTENT_RANGE))) {
            return "the store sent " + rest.header(HttpHeaders.CONTENT_RANGE) + " and not " + range;
        }
        if (!etag.equals(rest.header(HttpHeaders.ETAG))) {
            return "the object changed";
        }
        return null;
    }

    @Override
    public void abort() {
        current.abort();
    }

    @Override
    public void requireServable() {
        get.requireServable();
    }

    @Override
    public Secret link(Duration lifetime, String contentType, String contentDisposition) {
        return get.link(lifetime, contentType, contentDisposition);
    }
}
