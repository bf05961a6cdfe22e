package org.ccmessaging.filestream.response;

import static org.ccmessaging.filestream.response.ResultHeaders.RESULT_CODE;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.response.ReadFirstChunk.StartedObject;
import org.springframework.stereotype.Component;

/**
 * Step {@code encode-stream}: a file that was begun in, a body out that encodes it while it is sent. A step of ours
 * because a data format has to finish its output before the next step sees it. Takes the {@code resultCode} of success
 * off the headers where the file goes on behind its first chunk, since the outcome is not known before the end.
 */
@Component("streamEnvelope")
public class StreamEnvelope implements Processor {

    private final FailureOutcome failureOutcome;

    StreamEnvelope(FailureOutcome failureOutcome) {
        this.failureOutcome = failureOutcome;
    }

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        StartedObject started = message.getBody(StartedObject.class);
        String successCode = message.getHeader(RESULT_CODE, String.class);
        if (!started.object().ended()) {
            message.removeHeader(RESULT_CODE);
        }
        message.setBody(new Base64Envelope(started, successCode, failureOutcome, exchange));
    }
}
