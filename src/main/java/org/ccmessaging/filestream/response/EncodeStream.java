package org.ccmessaging.filestream.response;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.response.ReadFirstChunk.StartedObject;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.Steps;
import org.ccmessaging.filestream.toolkit.Variables;
import org.springframework.stereotype.Component;

/**
 * Step {@code encode-stream}: replaces a started object by a body that encodes the file while the service sends it. A
 * data format cannot stream, because it finishes its output before the next step runs (decision 0005). If the file is
 * longer than its first chunk, the step removes header {@code resultCode}: the outcome is unknown before the end.
 */
@Component(Steps.ENCODE_STREAM)
public class EncodeStream implements Processor {

    private final FailureOutcome failureOutcome;

    EncodeStream(FailureOutcome failureOutcome) {
        this.failureOutcome = failureOutcome;
    }

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        StartedObject started = message.getBody(StartedObject.class);
        String successCode = message.getHeader(Headers.RESULT_CODE, String.class);
        if (!started.object().ended()) {
            message.removeHeader(Headers.RESULT_CODE);
        }
        String branch = exchange.getVariable(Variables.BRANCH, String.class);
        message.setBody(new Base64Envelope(started, successCode, branch, failureOutcome));
    }
}
