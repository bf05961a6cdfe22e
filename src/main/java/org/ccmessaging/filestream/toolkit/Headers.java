package org.ccmessaging.filestream.toolkit;

import java.util.regex.Pattern;

/** Names of message headers that routes set for the response. */
public final class Headers {

    /** Outcome of a request: {@code 0} for success, a code of contract section 4.1, or a status of section 4.2. */
    public static final String RESULT_CODE = "resultCode";

    /** Text of the outcome (contract section 4); absent on success. */
    public static final String RESULT_DESC = "resultDesc";

    /** Methods that the path allows, in a response with status 405 (RFC 9110 section 15.5.6). */
    public static final String ALLOW = "Allow";

    /** Seconds after which the client may try again, in a response with status 429 or 503 (RFC 9110 section 10.2.3). */
    public static final String RETRY_AFTER = "Retry-After";

    private static final Pattern CODE = Pattern.compile("[0-9]{1,5}");

    private Headers() {
    }

    /** Returns whether a text consists of 1 to 5 digits. Other texts could create too many metric series. */
    public static boolean isResultCode(String text) {
        return CODE.matcher(text).matches();
    }
}
