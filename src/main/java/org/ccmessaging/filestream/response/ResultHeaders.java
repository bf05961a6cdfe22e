package org.ccmessaging.filestream.response;

/**
 * The message headers that carry an outcome (contract section 4.1); the routes set them, responses are made of them.
 */
public final class ResultHeaders {

    /** {@code 0} for success, a code of contract section 4.1, or the HTTP status of section 4.2. */
    public static final String RESULT_CODE = "resultCode";

    /** The documented text; absent on success. */
    public static final String RESULT_DESC = "resultDesc";

    private ResultHeaders() {
    }
}
