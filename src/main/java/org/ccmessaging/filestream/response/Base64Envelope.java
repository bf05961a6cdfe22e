package org.ccmessaging.filestream.response;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.storage.StoredObject;

/**
 * The body of a streamed response: the file as Base64, then {@code resultCode}. So a response that has started can
 * still report a broken read (contract section 4.3).
 *
 * @param object positioned after the first chunk
 * @param firstChunk {@link #CHUNK_BYTES} long
 * @param link {@code null} if the response has no link
 */
record Base64Envelope(StoredObject object, byte[] firstChunk, Secret link, Outcome success, String branch,
        FailureOutcome failureOutcome) implements MadeResponse.WritableBody {

    /** A multiple of 3, so that only the last chunk can have padding. */
    static final int CHUNK_BYTES = 48 * 1024;

    private static final byte[] HEAD = "{\"fileStream\":\"".getBytes(StandardCharsets.UTF_8);
    private static final String END_OF_FILE = "\",";

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

    /** Returns text {@code before}, the members after the file, and the end of the JSON. Omits an absent link. */
    static byte[] rest(String before, Secret link, Outcome outcome) {
        String fileUrl = link == null ? "" : "\"fileUrl\":" + Outcome.quote(link.reveal()) + ",";
        return (before + fileUrl + outcome.members() + "}").getBytes(StandardCharsets.UTF_8);
    }
}
