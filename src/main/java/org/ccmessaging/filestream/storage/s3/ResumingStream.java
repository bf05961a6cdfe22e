package org.ccmessaging.filestream.storage.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ThreadLocalRandom;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.storage.s3.Deadlines.Deadline;
import org.ccmessaging.filestream.storage.s3.ObjectGet.Response;
import org.ccmessaging.filestream.toolkit.LogText;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The bytes of an S3 object, from the first to the last, over as many connections as that takes (contract section 4.3,
 * decision 0007). When a connection breaks, the stream requests the rest from the offset it reached. Its condition is
 * the ETag, so the rest is of the same version of the object. It does not resume an object without a strong ETag or an
 * announced length.
 *
 * <p>The reader notices a pause and nothing else. The stream reads nothing ahead and keeps nothing. Besides the
 * checksum, a read that does not break costs one addition a call.
 *
 * <p>If the store sends a checksum of the complete object, the stream compares it before it hands out the last bytes,
 * however often the read resumed. Each response must name the requested range, the same ETag and the same length of the
 * object. {@link StoredObject} counts the bytes to the last.
 *
 * <p>One thread at a time uses the stream: the request's thread, then the one that writes the response, and the
 * request's again, which closes it. So no read resumes after the service has noticed that the client is gone.
 */
final class ResumingStream extends InputStream implements StoredObject.Source {

    /**
     * Most attempts in a row without a byte. A store that breaks off again before the first byte will not deliver the
     * next time either. The S3 client repeats each of these requests itself, up to {@code filestream.s3.max-attempts}
     * times.
     */
    private static final int MOST_WITHOUT_PROGRESS = 3;

    /**
     * Most attempts of a read, so that one that progresses between breaks does not go on for ever. rclone has the same
     * bound.
     */
    private static final int MOST = 10;

    /**
     * A quarter of the longest first pause, in milliseconds. The second attempt in a row without a byte waits for a
     * random part of 200 ms, the third for one of 400 ms. The pauses are random, so that reads which broke together do
     * not return together.
     */
    private static final long PAUSE_MILLIS = 50;

    private static final Logger LOG = LoggerFactory.getLogger(ResumingStream.class);

    /** Sends requests for the rest of an object. */
    interface Store {

        /**
         * Requests the bytes from {@code offset} on, on condition that the object still has that ETag.
         *
         * @throws SdkException if the store refuses, or the client cannot reach it before the deadline
         */
        Response rest(ObjectLocation location, long offset, String etag, Deadline deadline);

        /** Counts a break, by whether the read resumed. */
        void count(boolean resumed);
    }

    private final Store store;
    private final ObjectLocation location;
    private final String etag;
    private final long length;
    private final ObjectChecksum checksum;
    private final Deadlines deadlines;
    /** Of the chunk that the reader waits for. */
    private Deadline deadline;
    private boolean firstChunk = true;
    private AbortableInputStream current;
    private long offset;
    private int attempts;
    private int withoutProgress;

    /**
     * @param first the response to the request for the complete object
     * @param firstByte the deadline of the first chunk
     */
    ResumingStream(Response first, ObjectLocation location, Store store, Deadlines deadlines, Deadline firstByte) {
        Long announced = first.head().contentLength();
        this.length = announced == null ? StoredObject.UNKNOWN_LENGTH : announced;
        this.etag = first.head().eTag();
        this.checksum = ObjectChecksum.of(first.head());
        this.current = first.body();
        this.location = location;
        this.store = store;
        this.deadlines = deadlines;
        this.deadline = firstByte;
    }

    /** In bytes, or {@link StoredObject#UNKNOWN_LENGTH}. */
    long length() {
        return length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public void nextChunk() {
        if (!firstChunk) {
            deadline = deadlines.ofNextChunk();
        }
        firstChunk = false;
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

    /** @throws IOException if the read cannot resume; its message says how the read broke and why it did not resume */
    private void resume(Exception broken) throws IOException {
        // Release this connection first, because the pool may have no other for the rest.
        current.abort();
        String refusal;
        try {
            refusal = refusal(broken);
            if (refusal == null) {
                attempts++;
                withoutProgress++;
                pause();
                Response rest = store.rest(location, offset, etag, deadline);
                current = rest.body();
                refusal = mismatch(rest.head());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            refusal = "interrupted";
        } catch (RuntimeException failure) {
            // Any failure of the S3 client ends as the code of a broken read.
            refusal = failure.getMessage();
        }
        store.count(refusal == null);
        if (refusal != null) {
            throw new IOException(broken.getMessage() + "; not resumed: " + refusal, broken);
        }
        LOG.atInfo().setMessage("read resumed").addKeyValue("branch", location.branch())
                .addKeyValue("key", LogText.visible(location.key())).addKeyValue("offset", offset)
                .addKeyValue("length", length).addKeyValue("attempt", attempts)
                .addKeyValue("reason", LogText.visible(broken.getMessage())).log();
    }

    /** Why a request for the rest is pointless, or {@code null}. */
    private String refusal(Exception broken) {
        if (offset >= length) {
            // The checksum differs, or there is no length to resume by.
            return length == StoredObject.UNKNOWN_LENGTH ? "the store announced no length" : "no byte is missing";
        }
        if (!isStrong(etag)) {
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

    /** Lets the first attempt go out at once: mostly one connection breaks and the store is fine. */
    private void pause() throws InterruptedException {
        if (withoutProgress > 1) {
            Thread.sleep(ThreadLocalRandom.current().nextLong(PAUSE_MILLIS << withoutProgress));
        }
    }

    /** Why this is not the rest of the same object, or {@code null}: a store may ignore conditions. */
    private String mismatch(GetObjectResponse rest) {
        int status = rest.sdkHttpResponse().statusCode();
        if (status != 206) {
            return "the store responded with " + status + " to a request for a range";
        }
        String range = "bytes " + offset + "-" + (length - 1) + "/" + length;
        if (!range.equals(rest.contentRange())) {
            return "the store sent " + rest.contentRange() + " and not " + range;
        }
        if (!etag.equals(rest.eTag())) {
            return "the object changed";
        }
        return null;
    }

    @Override
    public void abort() {
        current.abort();
    }

    @Override
    public void close() throws IOException {
        current.close();
    }

    @Override
    public String version() {
        return isStrong(etag) ? etag : null;
    }

    private static boolean isStrong(String etag) {
        return etag != null && !etag.startsWith("W/");
    }

    @Override
    public void requireUnchanged() {
        // A GET reads one version of an S3 object, and a resumed GET demands the same version.
    }
}
