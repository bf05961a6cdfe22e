package org.ccmessaging.filestream.response;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Message;
import org.ccmessaging.filestream.response.StreamingBody.Outcome;

/** The responses of routes that tests call without HTTP. */
public final class Made {

    private Made() {
    }

    /** What the edge would send; any other body as text. */
    public static String text(Message message) {
        if (!(message.getBody() instanceof MadeResponse made)) {
            return message.getBody(String.class);
        }
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        try {
            made.body().writeTo(sent);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return sent.toString(StandardCharsets.UTF_8);
    }

    /** The response itself. */
    public static MadeResponse response(Message message) {
        return (MadeResponse) message.getBody();
    }

    /** What its headers would tell the client; {@code null} if only its end can. */
    public static Outcome outcome(Message message) {
        return response(message).outcome();
    }
}
