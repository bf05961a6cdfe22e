package org.ccmessaging.filestream.auth;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.InvalidRequestException;
import org.ccmessaging.filestream.failure.Refusal;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.toolkit.Customer;
import org.ccmessaging.filestream.toolkit.RouteStep;

/**
 * Step {@code read-body}: puts the text of the request's body into the message. It checks size and encoding, because a
 * JSON parser that guesses encodings and repairs bytes would accept what the contract calls malformed.
 *
 * <p>A request holds no permit yet while its body arrives (decision 0015). So the step bounds the threads and the
 * memory that incomplete bodies take: a customer may send as many bodies at the same time as downloads of one session
 * may be in flight, and {@link #MOST_LARGE} bodies of all customers may be large.
 */
@RouteStep(description = "Reads at most 64 KiB of UTF-8, before a permit is acquired, so that a slow client"
        + " does not hold one. Fails with 400.")
public class ReadBody implements Processor {

    /** Largest body (contract section 4.2, 400), in bytes. */
    static final int LARGEST_BYTES = 64 * 1024;

    /** Bytes that any body may take: more than a request needs, whose fileId has at most 1,024. */
    private static final int SMALL_BYTES = 4 * 1024;

    /** Maximum number of large bodies at the same time: 8 MB with their text. */
    private static final int MOST_LARGE = 64;

    private final int mostOfCustomer;
    private final ConcurrentMap<Customer, Integer> incomplete = new ConcurrentHashMap<>();
    private final Semaphore large = new Semaphore(MOST_LARGE);

    ReadBody(DownloadSettings settings) {
        this.mostOfCustomer = settings.maxInFlightPerSession();
    }

    @Override
    public void process(Exchange exchange) {
        exchange.getMessage().setBody(read(exchange));
    }

    /** Returns the body that the client sent, verified or not, and does not change the message. */
    String read(Exchange exchange) {
        byte[] bytes;
        try {
            Identity sender = Identity.of(exchange);
            bytes = receive(ClientRequest.body(exchange), sender == null ? null : sender.customer());
        } finally {
            ClientRequest.bodyEnded(exchange);
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

    /** @param sender {@code null} if nobody has verified who sends the body; it does not count then */
    private byte[] receive(InputStream body, Customer sender) {
        try {
            if (sender != null && incomplete.merge(sender, 1, Integer::sum) > mostOfCustomer) {
                throw new ServiceBusyException(Refusal.SESSION_BODIES);
            }
            return receive(body);
        } catch (IOException broken) {
            throw new InvalidRequestException(broken.getCause() instanceof SocketTimeoutException
                    ? "The body did not arrive in time." : "The body broke off before its end.");
        } finally {
            if (sender != null) {
                incomplete.computeIfPresent(sender, (same, bodies) -> bodies == 1 ? null : bodies - 1);
            }
        }
    }

    private byte[] receive(InputStream body) throws IOException {
        byte[] start = body == null ? new byte[0] : body.readNBytes(SMALL_BYTES);
        if (start.length < SMALL_BYTES) {
            return start;
        }
        if (!large.tryAcquire()) {
            throw new ServiceBusyException(Refusal.LARGE_BODIES);
        }
        try {
            byte[] rest = body.readNBytes(LARGEST_BYTES + 1 - SMALL_BYTES);
            return ByteBuffer.allocate(SMALL_BYTES + rest.length).put(start).put(rest).array();
        } finally {
            large.release();
        }
    }

    private static String decode(byte[] bytes) {
        CharBuffer text = CharBuffer.allocate(bytes.length);
        boolean malformed = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), text, true).isError();
        text.flip();
        if (malformed) {
            throw new InvalidRequestException(
                    "The body is not UTF-8: " + RequestJson.positionAfter(text.toString()) + ".");
        }
        return text.toString();
    }
}
