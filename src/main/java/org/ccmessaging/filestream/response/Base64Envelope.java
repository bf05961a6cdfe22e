package org.ccmessaging.filestream.response;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.storage.StoredObject;

/**
 * The body of a download's response (contract section 4.1): first the file as Base64 (RFC 4648 section 4), then the
 * {@code resultCode}. In this order, a response that has started can still report a broken read (contract section 4.3,
 * decision 0001).
 *
 * @param object positioned after the first chunk
 * @param firstChunk {@link #CHUNK_BYTES} long
 * @param link {@code null} if the response has no link
 * @param branch name of the storage branch, for the clause that handles a broken read
 */
record Base64Envelope(StoredObject object, byte[] firstChunk, Secret link, Outcome success, String branch,
        FailureOutcome failureOutcome) implements MadeResponse.WritableBody {

    /**
     * Bytes of a streamed file that are in memory at a time: a multiple of 3, so that no padding is between chunks.
     * Tomcat sends the Base64 of a chunk (64 KiB) in two or three writes (decision 0006).
     */
    static final int CHUNK_BYTES = 48 * 1024;

    private static final byte[] HEAD = "{\"fileStream\":\"".getBytes(StandardCharsets.UTF_8);
    private static final String END_OF_FILE = "\",";

    /** Returns the body for a file that is completely in memory. */
    static MadeResponse.CompleteBody complete(byte[] base64, Secret link, Outcome success) {
        return new MadeResponse.CompleteBody(success, HEAD, base64, rest(END_OF_FILE, link, success));
    }

    @Override
    public Outcome writeTo(OutputStream out) throws IOException {
        byte[] chunk = firstChunk;
        byte[] encoded = new byte[Base64Encoder.encodedLength(chunk.length)];
        Base64Encoder base64 = new Base64Encoder();
        out.write(HEAD);
        Outcome outcome = success;
        long written = 0;
        int count = chunk.length;
        while (count > 0) {
            out.write(encoded, 0, base64.encode(chunk, count, encoded));
            written += count;
            try {
                count = object.fill(chunk);
                object.requireRead(written + count);
            } catch (RuntimeException broken) {
                outcome = failureOutcome.ofBrokenRead(broken, branch, success.resultCode());
                count = 0;
            }
        }
        out.write(rest(END_OF_FILE, outcome == success ? link : null, outcome));
        return outcome;
    }

    /**
     * Returns the members that follow {@code fileStream}, or all members of a response without {@code fileStream}.
     *
     * @param before text before the members: the end of {@code fileStream}, or the start of the JSON object
     * @param link {@code null} if the response has no link, for example after a failure (contract section 9)
     */
    static byte[] rest(String before, Secret link, Outcome outcome) {
        String fileUrl = link == null ? "" : "\"fileUrl\":" + Outcome.quote(link.reveal()) + ",";
        return (before + fileUrl + outcome.members() + "}").getBytes(StandardCharsets.UTF_8);
    }
}
