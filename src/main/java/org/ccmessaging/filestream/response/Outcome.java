package org.ccmessaging.filestream.response;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The outcome that a response reports to the client.
 *
 * @param resultCode {@code 0} only with the complete file or a link to it; {@code null} in a response with a new token
 * @param resultDesc the documented text; {@code null} on success
 * @param failure the exception of a broken read; {@code null} if no read broke
 */
public record Outcome(String resultCode, String resultDesc, RuntimeException failure) {

    static final int OK = 200;

    public Outcome(String resultCode, String resultDesc) {
        this(resultCode, resultDesc, null);
    }

    /** Returns the body of a response without a file (contract section 4). */
    public byte[] json(int status) {
        String json = status == OK ? "{" + members() + "}" : "{\"errorCode\":" + quote(Integer.toString(status))
                + ",\"exceptionInfo\":" + quote(resultDesc) + "}";
        return json.getBytes(StandardCharsets.UTF_8);
    }

    String members() {
        String code = "\"resultCode\":" + quote(resultCode);
        return resultDesc == null ? code : code + ",\"resultDesc\":" + quote(resultDesc);
    }

    static String quote(String text) {
        return "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text == null ? "" : text)) + "\"";
    }
}
