package org.ccmessaging.filestream.response;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.Steps;
import org.springframework.stereotype.Component;

/**
 * Step {@code respond}: makes the JSON of contract section 4. It takes the outcome from the headers {@code resultCode},
 * {@code resultDesc} and {@code CamelHttpResponseCode}, and the file's Base64, if there is any, from the body.
 */
@Component(Steps.RESPOND)
public class Respond implements Processor {

    private static final int OK = 200;

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        String resultCode = message.getHeader(Headers.RESULT_CODE, String.class);
        String resultDesc = message.getHeader(Headers.RESULT_DESC, String.class);
        Object body = message.getBody();
        if (body instanceof StreamingBody) {
            return;
        }
        if (resultDesc == null && body instanceof byte[] base64) {
            message.setBody(Base64Envelope.ofComplete(base64, resultCode));
            return;
        }
        int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, OK, Integer.class);
        message.setBody(RspBody.of(status, resultCode, resultDesc));
    }
}
