package org.ccmessaging.filestream.response;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.camel.Exchange;
import org.ccmessaging.filestream.response.StreamingBody.Outcome;

/**
 * A response that step {@code respond} has made, for one exchange. The HTTP edge sends nothing else, so what an edited
 * route leaves in the body is no customer's file (decision 0018).
 */
public final class MadeResponse {

    private static final int OK = 200;

    private final Exchange exchange;
    private final int status;
    private final Outcome outcome;
    private final StreamingBody body;

    private MadeResponse(Exchange exchange, int status, Outcome outcome, StreamingBody body) {
        this.exchange = exchange;
        this.status = status;
        this.outcome = outcome;
        this.body = body;
    }

    /**
     * A response with a file, whose status is 200 (contract section 4.1) whatever a component on the way has left in
     * {@code CamelHttpResponseCode}. Its outcome is known before its body only if it cannot break any more.
     */
    static MadeResponse ofFile(Exchange exchange, StreamingBody body, String successCode) {
        return new MadeResponse(exchange, OK, body.length() < 0 ? null : Outcome.success(successCode), body);
    }

    /** @param outcome may have no code, where the operation has none */
    static MadeResponse ofJson(Exchange exchange, int status, Outcome outcome, byte[] json) {
        return new MadeResponse(exchange, status, outcome, new Json(json, outcome));
    }

    private record Json(byte[] json, Outcome outcome) implements StreamingBody {

        @Override
        public long length() {
            return json.length;
        }

        @Override
        public Outcome writeTo(OutputStream out) throws IOException {
            out.write(json);
            return outcome;
        }
    }

    /** The response that step {@code respond} made for this very exchange; {@code null} if there is none. */
    public static MadeResponse of(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof MadeResponse made && made.exchange == exchange ? made : null;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** What the headers tell the client; {@code null} if only the end of the body can. */
    public Outcome outcome() {
        return outcome;
    }

    /** Writes itself, and then says what it told the client. */
    public StreamingBody body() {
        return body;
    }

    /** Holds nothing of the file, so that a route may log it. */
    @Override
    public String toString() {
        return "MadeResponse[status=" + status + ", resultCode=" + (outcome == null ? "open" : outcome.resultCode())
                + "]";
    }
}
