package org.ccmessaging.filestream.toolkit;

/**
 * Names of message headers that routes set and read. Besides these, only {@code Content-Type} and {@code traceparent}
 * pass the HTTP edge (its allow-lists).
 *
 * @since 0.1.0
 */
public final class Headers {

    /** Outcome of a request: {@code 0} for success, a code of contract section 4.1, or a status of section 4.2. */
    public static final String RESULT_CODE = "resultCode";

    /** Text of the outcome (contract section 4); absent on success. */
    public static final String RESULT_DESC = "resultDesc";

    /** The session token in a request, and the renewed one in a response (contract sections 2 and 5). */
    public static final String SESSION_TOKEN = "ccmessaging-token";

    /** App key of a request (contract section 2). */
    public static final String APP_KEY = "x-app-key";

    /** AccessToken of a request, behind the scheme {@code Bearer} (contract section 2). */
    public static final String AUTHORIZATION = "Authorization";

    /** Lifetime of the requested AccessToken in seconds (contract section 5). */
    public static final String TOKEN_EXPIRE = "X-Token-Expire";

    /** Method that the path allows, in a response with status 405 (RFC 9110 section 15.5.6). */
    public static final String ALLOW = "Allow";

    /** Seconds after which the client may try again, in a response with status 503 (RFC 9110 section 10.2.3). */
    public static final String RETRY_AFTER = "Retry-After";

    private Headers() {
    }
}
