package org.ccmessaging.filestream.response;

import static org.ccmessaging.filestream.response.ResultHeaders.RESULT_CODE;
import static org.ccmessaging.filestream.response.ResultHeaders.RESULT_DESC;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.ccmessaging.filestream.response.ReadFirstChunk.StartedObject;

/**
 * The answer to a download (contract section 4.1): the file as Base64 (RFC 4648 section 4) and how it went, in this
 * order, so that a response that was begun can still end truthfully (section 4.3).
 */
final class Base64Envelope implements StreamingBody {

    /**
     * How much of a file is in memory at a time: a multiple of 3, so that chunks encode without padding between them,
     * and with its 64 KiB of output as much as a socket takes in a few calls.
     */
    static final int CHUNK_BYTES = 48 * 1024;

    private static final byte[] HEAD = utf8("{\"fileStream\":\"");

    private final StartedObject started;
    private final String successCode;
    private final FailureOutcome failureOutcome;
    private final Exchange exchange;

    /**
     * @param successCode the {@code resultCode} of a file that was sent whole
     * @param failureOutcome asked for code and text if the read breaks
     * @param exchange told the outcome when it is known, for the log and the meters
     */
    Base64Envelope(StartedObject started, String successCode, FailureOutcome failureOutcome, Exchange exchange) {
        this.started = started;
        this.successCode = successCode;
        this.failureOutcome = failureOutcome;
        this.exchange = exchange;
    }

    /** The envelope of a file whose Base64 is in memory. */
    static StreamingBody ofWhole(byte[] base64, String successCode) {
        return new Whole(base64, tail(successCode, null));
    }

    private record Whole(byte[] base64, byte[] tail) implements StreamingBody {

        @Override
        public long length() {
            return HEAD.length + base64.length + tail.length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(HEAD);
            out.write(base64);
            out.write(tail);
        }
    }

    /** Known where the whole file is in the first chunk: nothing can break any more. */
    @Override
    public long length() {
        return started.object().ended() ? HEAD.length + Base64Encoder.encodedLength(started.firstChunk().length)
                + tail(successCode, null).length : -1;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        byte[] chunk = started.firstChunk();
        byte[] encoded = new byte[Base64Encoder.encodedLength(chunk.length)];
        Base64Encoder base64 = Base64Encoder.fastest();
        out.write(HEAD);
        String code = successCode;
        String text = null;
        int count = chunk.length;
        while (count > 0) {
            out.write(encoded, 0, base64.encode(chunk, count, encoded, 0));
            try {
                count = started.object().fill(chunk);
            } catch (RuntimeException broken) {
                exchange.setProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, broken);
                FailureOutcome.Outcome outcome = failureOutcome.of(broken, exchange);
                code = outcome.resultCode();
                text = outcome.resultDesc();
                count = 0;
            }
        }
        out.write(tail(code, text));
        exchange.getMessage().setHeader(RESULT_CODE, code);
        exchange.getMessage().setHeader(RESULT_DESC, text);
    }

    private static byte[] tail(String code, String text) {
        return utf8("\"," + RspBody.members(code, text) + "}");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
