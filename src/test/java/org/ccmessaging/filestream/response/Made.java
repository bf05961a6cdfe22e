package org.ccmessaging.filestream.response;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.toolkit.FailureGate;

/** The responses of routes that tests call without HTTP. */
public final class Made {

    private Made() {
    }

    /** Returns the body that the edge would send; any other body as text. */
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

    /** Returns the outcomes that route {@code failure-outcome} of a context explains. */
    static FailureOutcome outcomes(CamelContext camel) {
        FailureGate gate = new FailureGate();
        gate.open();
        return new FailureOutcome(camel.createProducerTemplate(), gate);
    }

    /** A step after {@code respond}: makes a response that fails before its first byte. */
    public static final class Unwritable implements Processor {

        @Override
        public void process(Exchange exchange) {
            exchange.getMessage().setBody(new MadeResponse(exchange, Outcome.OK, out -> {
                throw new IllegalStateException("of a test");
            }));
        }
    }

    public static MadeResponse response(Message message) {
        return (MadeResponse) message.getBody();
    }

    /** Returns the outcome for the headers; {@code null} if it is known only when the body ends. */
    public static Outcome outcome(Message message) {
        return response(message).body().outcome();
    }
}
