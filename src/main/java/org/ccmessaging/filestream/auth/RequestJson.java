package org.ccmessaging.filestream.auth;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.ccmessaging.filestream.failure.InvalidRequestException;
import org.ccmessaging.filestream.toolkit.Variables;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;

/**
 * Parses request bodies (contract sections 2 and 4.2), more strictly than Jackson does by default. The bean
 * {@code requestMapper} is the parser of step {@code parse-request}. The bean {@code requestFault} describes for a
 * client what is wrong in its request (clause {@code bad-request} of {@code result-codes.camel.yaml}).
 */
@Component("requestFault")
public class RequestJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            // Ignores unknown fields, as the contract says.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // Refuses a member name that occurs twice, as the contract says. Also refuses text after the object.
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // Refuses a number or a boolean where a string is expected.
            .withCoercionConfig(LogicalType.Textual, config -> config
                    .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    /** Returns the mapper of step {@code parse-request}. Spring injects it only by name: it is not for other JSON. */
    @Bean(name = "requestMapper", defaultCandidate = false)
    static ObjectMapper mapper() {
        return MAPPER;
    }

    /** @throws InvalidRequestException if the body is not one JSON object, or a member has a wrong type */
    static <T> T parse(String body, Class<T> type) {
        try {
            T object = MAPPER.readValue(body, type);
            if (object == null) {
                throw new InvalidRequestException("The body is not one JSON object.");
            }
            return object;
        } catch (JsonProcessingException fault) {
            throw new InvalidRequestException(describe(fault));
        }
    }

    /** Returns the fault in the request that made the exchange fail; an empty text for any other failure. */
    public String describe(Exchange exchange) {
        return documented(exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class), exchange)
                instanceof InvalidRequestException invalid ? invalid.getMessage() : "";
    }

    /**
     * Converts a JSON failure of the request body to {@link InvalidRequestException}. Returns any other failure
     * unchanged, even if another JSON text caused it.
     */
    public static Throwable documented(Throwable failure, Exchange exchange) {
        return failure instanceof JsonProcessingException fault && isOfRequest(fault, exchange)
                ? new InvalidRequestException(describe(fault), fault) : failure;
    }

    private static boolean isOfRequest(JsonProcessingException fault, Exchange exchange) {
        return fault.getProcessor() instanceof JsonParser parser ? parser.getCodec() == MAPPER
                // Jackson's exception for a limit, such as the nesting depth, does not name the parser. So the
                // code assumes that the request body exceeds the limit if the variable request is not set yet.
                : fault instanceof StreamConstraintsException && exchange.getVariable(Variables.REQUEST) == null;
    }

    /** Describes the fault and its place. Leaves out Jackson's message on a wrong type, which names Java classes. */
    private static String describe(JsonProcessingException fault) {
        JsonLocation location = fault.getLocation();
        String place = location == null ? "an unknown place"
                : position(location.getLineNr(), location.getColumnNr());
        return !(fault instanceof MismatchedInputException mismatch)
                ? "Not JSON at " + place + ": " + plain(fault.getOriginalMessage()) + "."
                : (mismatch.getPath().isEmpty() ? "The body is not one JSON object"
                        : mismatch.getPath().get(0).getFieldName() + ": a string is expected") + ", at " + place + ".";
    }

    static String positionAfter(String text) {
        return position((int) text.chars().filter(character -> character == '\n').count() + 1,
                text.length() - text.lastIndexOf('\n'));
    }

    private static String position(int line, int column) {
        return "line " + line + ", column " + column;
    }

    /** Removes the notes on source and settings that Jackson adds on further lines or in brackets. */
    private static String plain(String message) {
        return message.lines().findFirst().orElse("").replaceFirst(" \\(start marker at .*", "");
    }
}
