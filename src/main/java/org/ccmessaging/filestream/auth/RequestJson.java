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

/** Parses request bodies strictly (contract sections 2 and 4.2), and describes their faults to clients. */
@Component("requestFault")
public class RequestJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .withCoercionConfig(LogicalType.Textual, config -> config
                    .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    /** Mapper for step {@code parse-request}, which refers to this bean by name. Spring never injects it by type. */
    @Bean(name = "requestMapper", defaultCandidate = false)
    static ObjectMapper mapper() {
        return MAPPER;
    }

    /** @throws InvalidRequestException if the body is not one JSON object, or a member is repeated or of wrong type */
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

    /** Describes what is wrong with an invalid request; returns an empty text for any other failure. */
    public String describe(Exchange exchange) {
        return documented(exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class), exchange)
                instanceof InvalidRequestException invalid ? invalid.getMessage() : "";
    }

    /** Converts a JSON failure of the request body to {@link InvalidRequestException}; returns other failures as is. */
    public static Throwable documented(Throwable failure, Exchange exchange) {
        return failure instanceof JsonProcessingException fault && isOfRequest(fault, exchange)
                ? new InvalidRequestException(describe(fault), fault) : failure;
    }

    private static boolean isOfRequest(JsonProcessingException fault, Exchange exchange) {
        return fault.getProcessor() instanceof JsonParser parser ? parser.getCodec() == MAPPER
                // A StreamConstraintsException names no parser. Until variable request is set, the body is the likely
                // cause.
                : fault instanceof StreamConstraintsException && exchange.getVariable(Variables.REQUEST) == null;
    }

    /** Leaves out Jackson's message about a wrong type, because that message names Java classes. */
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

    /** Returns the first line of Jackson's message without the note about the start marker. */
    private static String plain(String message) {
        return message.lines().findFirst().orElse("").replaceFirst(" \\(start marker at .*", "");
    }
}
