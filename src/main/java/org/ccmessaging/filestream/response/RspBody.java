package org.ccmessaging.filestream.response;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;

/** The JSON of a response without a file (contract section 4), in the contract's order of members. */
public final class RspBody {

    private static final int OK = 200;

    private RspBody() {
    }

    /**
     * Makes {@code {"resultCode":…,"resultDesc":…}} for status 200, and the platform's
     * {@code {"errorCode":…,"exceptionInfo":…}} for any other.
     */
    public static byte[] of(int status, String resultCode, String resultDesc) {
        String json = status == OK
                ? "{" + members(resultCode, resultDesc) + "}"
                : "{\"errorCode\":" + quote(Integer.toString(status)) + ",\"exceptionInfo\":" + quote(resultDesc) + "}";
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** Makes the members that end every response with status 200; without {@code resultDesc} if it is {@code null}. */
    static String members(String resultCode, String resultDesc) {
        String code = "\"resultCode\":" + quote(resultCode);
        return resultDesc == null ? code : code + ",\"resultDesc\":" + quote(resultDesc);
    }

    private static String quote(String text) {
        return "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text == null ? "" : text)) + "\"";
    }
}
