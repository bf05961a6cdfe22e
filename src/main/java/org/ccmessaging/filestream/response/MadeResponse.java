package org.ccmessaging.filestream.response;

import java.io.IOException;
import java.io.OutputStream;
import java.util.stream.Stream;
import org.apache.camel.Exchange;

/**
 * A response that step {@code respond} has made for one exchange. The HTTP edge sends nothing else, so a body that an
 * edited route leaves is never sent as a customer's file (decision 0018).
 */
public final class MadeResponse {

    private final Exchange exchange;
    private final int status;
    private final StreamingBody body;

    MadeResponse(Exchange exchange, int status, StreamingBody body) {
        this.exchange = exchange;
        this.status = status;
        this.body = body;
    }

    /** A body whose length and outcome are known before its first byte. */
    record InMemory(Outcome outcome, byte[]... parts) implements StreamingBody {

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

    /** Returns the response that step {@code respond} made for this exchange; {@code null} if it made none. */
    public static MadeResponse of(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof MadeResponse made && made.exchange == exchange ? made : null;
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }

    public StreamingBody body() {
        return body;
    }

    /** Returns a text without any content of the file, so that a route may log it. */
    @Override
    public String toString() {
        Outcome known = body.outcome();
        return "MadeResponse[status=" + status + ", resultCode=" + (known == null ? "open" : known.resultCode()) + "]";
    }
}
