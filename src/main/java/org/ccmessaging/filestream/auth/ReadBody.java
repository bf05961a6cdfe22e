package org.ccmessaging.filestream.auth;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.InvalidRequestException;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.toolkit.Customer;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Step {@code read-body}: puts the text of the request's body into the message. It checks size and encoding, because a
 * JSON parser that guesses encodings and repairs bytes would accept what the contract calls malformed.
 */
@RouteStep(description = "Reads at most 64 KiB of UTF-8, before a permit is taken, so that a client that sends"
        + " slowly holds none. Fails with 400.",
        leaves = "text")
public class ReadBody implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(ReadBody.class);

    /** Largest body (contract section 4.2, 400), in bytes. */
    static final int LARGEST_BYTES = 64 * 1024;

    /** Bytes that any body may take: more than a request needs, whose fileId has at most 1,024. */
    private static final int SMALL_BYTES = 4 * 1024;

    private final BodiesOnTheirWay onTheirWay;

    ReadBody(BodiesOnTheirWay onTheirWay) {
        this.onTheirWay = onTheirWay;
    }

    /**
     * @throws UnauthorizedException if no step has verified who sends the body, which may then hold a secret
     * @throws InvalidRequestException if there is no body, or it is too large, breaks off or is not UTF-8
     * @throws org.ccmessaging.filestream.failure.ServiceBusyException if too many bodies are on their way
     */
    @Override
    public void process(Exchange exchange) {
        if (!ClientRequest.isOpen(exchange)) {
            LOG.warn("Route {} was refused: step authenticate or authenticate-app must come before read-body, in the"
                    + " same exchange", exchange.getFromRouteId());
            throw new UnauthorizedException("no verified sender of the body");
        }
        exchange.getMessage().setBody(read(exchange));
    }

    /** Reads the body of a request, whoever sends it, and leaves the message as it is. */
    String read(Exchange exchange) {
        Customer customer = ClientRequest.sender(exchange);
        byte[] bytes;
        onTheirWay.start(customer);
        try {
            bytes = read(ClientRequest.takeBody(exchange));
        } finally {
            onTheirWay.end(customer);
        }
        if (bytes.length > LARGEST_BYTES) {
            throw new InvalidRequestException("The body is larger than " + LARGEST_BYTES + " bytes.");
        }
        String body = decode(bytes);
        if (body.isBlank()) {
            throw new InvalidRequestException("The request has no body; one JSON object is expected.");
        }
        return body;
    }

    private byte[] read(InputStream body) {
        if (body == null) {
            return new byte[0];
        }
        try {
            byte[] small = new byte[SMALL_BYTES];
            int count = body.readNBytes(small, 0, SMALL_BYTES);
            return count < SMALL_BYTES ? Arrays.copyOf(small, count) : readLarge(small, body);
        } catch (IOException broken) {
            throw new InvalidRequestException(broken.getCause() instanceof SocketTimeoutException
                    ? "The body did not arrive in time." : "The body broke off before its end.");
        }
    }

    private byte[] readLarge(byte[] start, InputStream body) throws IOException {
        onTheirWay.startLarge();
        try {
            byte[] rest = body.readNBytes(LARGEST_BYTES + 1 - SMALL_BYTES);
            byte[] bytes = Arrays.copyOf(start, SMALL_BYTES + rest.length);
            System.arraycopy(rest, 0, bytes, SMALL_BYTES, rest.length);
            return bytes;
        } finally {
            onTheirWay.endLarge();
        }
    }

    private static String decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(bytes.length);
        ByteBuffer source = ByteBuffer.wrap(bytes);
        CoderResult result = decoder.decode(source, text, true);
        text.flip();
        if (result.isError()) {
            throw new InvalidRequestException(
                    "The body is not UTF-8: " + RequestFault.positionAfter(text.toString()) + ".");
        }
        return text.toString();
    }
}
