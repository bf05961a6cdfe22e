package org.ccmessaging.filestream.response;

import static org.ccmessaging.filestream.response.ResultHeaders.RESULT_CODE;
import static org.ccmessaging.filestream.response.ResultHeaders.RESULT_DESC;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code respond}: makes the JSON of contract section 4 out of what the steps before it left: the outcome in
 * headers {@code resultCode}, {@code resultDesc} and {@code CamelHttpResponseCode}, and on success the file's Base64
 * as body.
 */
@Component("respond")
public class Respond implements Processor {

    private static final int OK = 200;

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        String resultCode = message.getHeader(RESULT_CODE, String.class);
        String resultDesc = message.getHeader(RESULT_DESC, String.class);
        Object body = message.getBody();
        if (body instanceof StreamingBody) {
            return;
        }
        if (resultDesc == null && body instanceof byte[] base64) {
            message.setBody(Base64Envelope.ofWhole(base64, resultCode));
            return;
        }
        int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, OK, Integer.class);
        message.setBody(RspBody.of(status, resultCode, resultDesc));
    }
}
