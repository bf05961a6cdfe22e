package org.ccmessaging.filestream.auth;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.InvalidRequestException;
import org.ccmessaging.filestream.toolkit.RouteStep;

/** Step {@code read-body}: reads the body as UTF-8, because a JSON parser would guess the encoding. */
@RouteStep
public class ReadBody implements Processor {

    /** Maximum size of a body (contract section 4.2). */
    public static final int LARGEST_BYTES = 64 * 1024;

    @Override
    public void process(Exchange exchange) {
        exchange.getMessage().setBody(read(exchange));
    }

    String read(Exchange exchange) {
        byte[] bytes = receive(ClientRequest.body(exchange));
        if (bytes.length > LARGEST_BYTES) {
            throw new InvalidRequestException("The body is larger than " + LARGEST_BYTES + " bytes.");
        }
        String body = decode(bytes);
        if (body.isBlank()) {
            throw new InvalidRequestException("The request has no body; one JSON object is expected.");
        }
        return body;
    }

    private static byte[] receive(InputStream body) {
        try {
            return body == null ? new byte[0] : body.readNBytes(LARGEST_BYTES + 1);
        } catch (IOException broken) {
            throw new InvalidRequestException(broken.getCause() instanceof SocketTimeoutException
                    ? "The body did not arrive in time." : "The HTTP request is malformed.");
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
