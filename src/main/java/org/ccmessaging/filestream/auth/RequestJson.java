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
 * Parses request bodies (contract sections 2 and 4.2), more strictly than Jackson does by default. Bean
 * {@code requestMapper} is the parser of step {@code parse-request}. Bean {@code requestFault} describes the fault of a
 * malformed request, for the client (clause {@code bad-request} of {@code result-codes.camel.yaml}).
 */
@Component("requestFault")
public class RequestJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            // The contract ignores unknown extra fields.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // The contract refuses a member name that occurs twice; this mapper also refuses text after the
            // object.
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // A number or a boolean is not a string.
            .withCoercionConfig(LogicalType.Textual, config -> config
                    .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    /** Returns the mapper of step {@code parse-request}. It is injected by name only, as it is not for other JSON. */
    @Bean(name = "requestMapper", defaultCandidate = false)
    static ObjectMapper mapper() {
        return MAPPER;
    }

    /** @throws InvalidRequestException if the body is not one JSON object, or a member has another type */
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

    /** Returns the fault of the request that the exchange failed on; empty if the request is not at fault. */
    public String describe(Exchange exchange) {
        return documented(exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class), exchange)
                instanceof InvalidRequestException invalid ? invalid.getMessage() : "";
    }

    /**
     * Returns the documented failure if the body of the request is not valid JSON. Returns any other failure unchanged,
     * even if JSON from elsewhere is malformed.
     */
    public static Throwable documented(Throwable failure, Exchange exchange) {
        return failure instanceof JsonProcessingException fault && isOfRequest(fault, exchange)
                ? new InvalidRequestException(describe(fault), fault) : failure;
    }

    private static boolean isOfRequest(JsonProcessingException fault, Exchange exchange) {
        return fault.getProcessor() instanceof JsonParser parser ? parser.getCodec() == MAPPER
                // The exception for one of Jackson's limits, such as the depth, does not name the parser.
                : fault instanceof StreamConstraintsException && exchange.getVariable(Variables.REQUEST) == null;
    }

    /** Names line and column, and the field of a wrong type: Jackson's message on a type would name Java classes. */
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

    /** Removes Jackson's remarks on its source and its settings, after a line end or in brackets. */
    private static String plain(String message) {
        return message.lines().findFirst().orElse("").replaceFirst(" \\(start marker at .*", "");
    }
}
