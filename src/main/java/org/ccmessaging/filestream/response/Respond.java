package org.ccmessaging.filestream.response;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.auth.ClientRequest;
import org.ccmessaging.filestream.response.MadeResponse.CompleteBody;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.RouteStep;

/**
 * Step {@code respond}: makes a {@link MadeResponse} with the JSON of contract sections 4 and 5. The step accepts only
 * a failure, a new token, or the file that this exchange opened, as complete Base64 or as a link. Otherwise, the step
 * leaves the body unchanged, and a client on the contract's paths gets status 500.
 */
@RouteStep(leaves = "response")
public class Respond implements Processor {

    /** No failure may have this code (contract section 4.1). */
    private static final String SUCCESS = "0";

    private final ObjectMapper json = new ObjectMapper();

    @Override
    public void process(Exchange exchange) throws JsonProcessingException {
        Message message = exchange.getMessage();
        int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, Outcome.OK, Integer.class);
        String code = message.getHeader(Headers.RESULT_CODE, String.class);
        Outcome outcome = new Outcome(code, message.getHeader(Headers.RESULT_DESC, String.class));
        Object issued = ClientRequest.issued(exchange);
        boolean success = code != null && outcome.resultDesc() == null && Headers.isResultCode(code);
        MadeResponse.WritableBody file = success ? ReadFirstChunk.responseOf(exchange, outcome) : null;
        if (file != null) {
            // The status is 200, even if a component left another CamelHttpResponseCode (contract section 4.1).
            message.setBody(new MadeResponse(exchange, Outcome.OK, file));
        } else if (code == null ? issued != null : !code.equals(SUCCESS)) {
            message.setBody(new MadeResponse(exchange, status, new CompleteBody(outcome,
                    code == null ? json.writeValueAsBytes(issued) : outcome.json(status))));
        }
    }
}
