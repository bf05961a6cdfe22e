package org.ccmessaging.filestream.response;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.ccmessaging.filestream.response.ReadFirstChunk.StartedObject;
import org.ccmessaging.filestream.settings.Secret;

/**
 * The body of a download's response (contract section 4.1): first the file as Base64 (RFC 4648 section 4), then its
 * {@code resultCode}. In this order a response that has started can still end truthfully (contract section 4.3,
 * decision 0001). Step {@code encode-stream} leaves it as the body for step {@code respond}.
 */
final class Base64Envelope implements StreamingBody {

    /**
     * Bytes of a file that are in memory at a time. A multiple of 3, so that chunks encode without padding between
     * them. Their 64 KiB of Base64 leave in two or three writes (decision 0006).
     */
    static final int CHUNK_BYTES = 48 * 1024;

    private static final byte[] HEAD = utf8("{\"fileStream\":\"");

    private final StartedObject started;
    private final Outcome success;
    private final String branch;
    private final FailureOutcome failureOutcome;

    /** @param branch selects the clause of a read that breaks */
    Base64Envelope(StartedObject started, Outcome success, String branch, FailureOutcome failureOutcome) {
        this.started = started;
        this.success = success;
        this.branch = branch;
        this.failureOutcome = failureOutcome;
    }

    void requireOpenedBy(Exchange exchange) {
        started.object().requireOpenedBy(exchange);
    }

    static byte[][] parts(byte[] base64, Secret link, Outcome success) {
        return new byte[][] {HEAD, base64, tail(link, success)};
    }

    /** The length is known if the first chunk holds the complete file. Then no read can break any more. */
    @Override
    public long length() {
        if (started.firstChunk() == null) {
            return linkAlone().length;
        }
        return started.object().ended() ? HEAD.length + Base64Encoder.encodedLength(started.firstChunk().length)
                + tail(started.link(), success).length : -1;
    }

    @Override
    public Outcome outcome() {
        return length() < 0 ? null : success;
    }

    @Override
    public Outcome writeTo(OutputStream out) throws IOException {
        byte[] chunk = started.firstChunk();
        if (chunk == null) {
            out.write(linkAlone());
            return success;
        }
        byte[] encoded = new byte[Base64Encoder.encodedLength(chunk.length)];
        Base64Encoder base64 = Base64Encoder.fastest();
        out.write(HEAD);
        Outcome outcome = success;
        int count = chunk.length;
        while (count > 0) {
            out.write(encoded, 0, base64.encode(chunk, count, encoded, 0));
            try {
                count = started.object().fill(chunk);
            } catch (RuntimeException broken) {
                outcome = failureOutcome.ofBrokenRead(broken, branch, success.resultCode());
                count = 0;
            }
        }
        out.write(tail(outcome == success ? started.link() : null, outcome));
        return outcome;
    }

    /** Closes {@code fileStream}. A failure has no link (contract section 9). */
    private static byte[] tail(Secret link, Outcome outcome) {
        return utf8("\"," + member(link) + outcome.members() + "}");
    }

    private byte[] linkAlone() {
        return utf8("{" + member(started.link()) + success.members() + "}");
    }

    private static String member(Secret link) {
        return link == null ? "" : "\"fileUrl\":" + Outcome.quote(link.reveal()) + ",";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
