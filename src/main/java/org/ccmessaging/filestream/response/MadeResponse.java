package org.ccmessaging.filestream.response;

import java.io.IOException;
import java.io.OutputStream;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.ccmessaging.filestream.toolkit.Headers;

/**
 * A response for one exchange. On the contract's paths, package {@code http} sends no other object. So an edited route
 * cannot send any other body as a customer's file (decision 0018).
 */
public final class MadeResponse {

    private final Exchange exchange;
    private final int status;
    private final WritableBody body;

    MadeResponse(Exchange exchange, int status, WritableBody body) {
        this.exchange = exchange;
        this.status = status;
        this.body = body;
    }

    /** A body that writes itself. */
    public interface WritableBody {

        /** Returns the length in bytes; -1 if the length is unknown until the last byte is written. */
        default long length() {
            return -1;
        }

        /** Returns the outcome for the response headers; {@code null} if the outcome is known only after the body. */
        default Outcome outcome() {
            return null;
        }

        /**
         * Writes the complete body. If a read breaks, the body ends with the code of the failure.
         *
         * @return the outcome in the body
         * @throws IOException only if the client no longer receives the response
         */
        Outcome writeTo(OutputStream out) throws IOException;
    }

    /** A body in memory, with known length and outcome. */
    record CompleteBody(Outcome outcome, byte[]... parts) implements WritableBody {

        @Override
        public long length() {
            return Stream.of(parts).mapToLong(part -> part.length).sum();
        }

        @Override
        public Outcome writeTo(OutputStream out) throws IOException {
            for (byte[] part : parts) {
                out.write(part);
            }
            return outcome;
        }
    }

    /** Returns whether the response was made for {@code served} and is valid. */
    public boolean isFor(Exchange served) {
        String code = body.outcome() == null ? null : body.outcome().resultCode();
        return exchange == served && (code == null || Headers.isResultCode(code)) && status >= Outcome.OK
                && status <= 599;
    }

    public int status() {
        return status;
    }

    public WritableBody body() {
        return body;
    }
}
