package org.ccmessaging.filestream.auth;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.ccmessaging.filestream.failure.InvalidRequestException;
import org.springframework.stereotype.Component;

/**
 * Describes the fault of a malformed request, for the client (clause {@code bad-request} of
 * {@code result-codes.camel.yaml}) and for the download log.
 */
@Component("requestFault")
public class RequestFault {

    /** Returns the fault of the request that the exchange failed on; empty if the request is not at fault. */
    public String describe(Exchange exchange) {
        return exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT) instanceof InvalidRequestException invalid
                ? invalid.getMessage() : "";
    }

    /** Names the field, or line and column. The parser's message would name Java classes. */
    static InvalidRequestException of(JacksonException fault) {
        JsonLocation location = fault.getLocation();
        String place = location == null ? "an unknown place"
                : position(location.getLineNr(), location.getColumnNr());
        return new InvalidRequestException(!(fault instanceof MismatchedInputException mismatch)
                ? "Not JSON at " + place + ": " + plain(fault.getOriginalMessage()) + "."
                : (mismatch.getPath().isEmpty() ? "The body is not one JSON object"
                        : mismatch.getPath().get(0).getFieldName() + ": a string is expected") + ", at " + place + ".");
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
