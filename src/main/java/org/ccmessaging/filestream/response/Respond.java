package org.ccmessaging.filestream.response;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.auth.IssuedMembers;
import org.ccmessaging.filestream.response.StreamingBody.Outcome;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.RouteStep;

/**
 * Step {@code respond}: makes the {@link MadeResponse}, the JSON of contract sections 4 and 5. It takes the outcome
 * from the headers {@code resultCode}, {@code resultDesc} and {@code CamelHttpResponseCode}, and from the body the
 * encoded file, or the members that a token step left.
 *
 * <p>A file is complete only if the body holds the file that this exchange opened, and nothing else. Members count only
 * if a token step of this exchange left them. Otherwise the step
 * leaves the body as it is, with the reason in exchange property {@link #REFUSED}, and the HTTP edge sends 500: a
 * verdict or a log line that an edited route left there is no customer's file.
 */
@RouteStep(description = "Makes the JSON response {fileStream, resultCode}.",
        needs = "outcome", leaves = "response", place = RouteStep.Place.LAST)
public class Respond implements Processor {

    /** Exchange property: why the step made no response. */
    public static final String REFUSED = Respond.class.getName() + ".refused";

    private static final int OK = 200;

    /** The code of success (contract section 4.1), which no failure may have. */
    private static final String SUCCESS = "0";

    private final ObjectMapper json = new ObjectMapper();

    /** @throws org.ccmessaging.filestream.failure.UnauthorizedException if the body is the file of another request */
    @Override
    public void process(Exchange exchange) throws JsonProcessingException {
        Message message = exchange.getMessage();
        int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, OK, Integer.class);
        Outcome outcome = new Outcome(message.getHeader(Headers.RESULT_CODE, String.class),
                message.getHeader(Headers.RESULT_DESC, String.class), null);
        Object body = message.getBody();
        Map<String, String> issued = IssuedMembers.of(exchange);
        if (outcome.resultDesc() == null && (body instanceof Base64Envelope || body instanceof byte[])) {
            respondWithFile(exchange, outcome.resultCode());
        } else if (outcome.resultCode() == null && issued != null) {
            message.setBody(MadeResponse.ofJson(exchange, status, outcome, json.writeValueAsBytes(issued)));
        } else if (outcome.resultCode() == null || outcome.resultCode().equals(SUCCESS)) {
            refuse(exchange, "resultCode is " + outcome.resultCode() + ", and there is no file");
        } else {
            message.setBody(MadeResponse.ofJson(exchange, status, outcome,
                    RspBody.of(status, outcome.resultCode(), outcome.resultDesc())));
        }
    }

    private static void respondWithFile(Exchange exchange, String resultCode) {
        Message message = exchange.getMessage();
        if (message.getBody() instanceof Base64Envelope file) {
            file.requireOpenedBy(exchange);
            message.setBody(MadeResponse.ofFile(exchange, file, file.successCode()));
        } else if (resultCode == null) {
            refuse(exchange, "header resultCode is absent");
        } else {
            byte[] base64 = ReadFirstChunk.base64OfFile(exchange, message.getBody(byte[].class));
            if (base64 == null) {
                refuse(exchange, "the body is not the Base64 of the file that was opened");
            } else {
                message.setBody(MadeResponse.ofFile(
                        exchange, Base64Envelope.ofComplete(base64, resultCode), resultCode));
            }
        }
    }

    private static void refuse(Exchange exchange, String reason) {
        exchange.setProperty(REFUSED, reason);
    }
}
