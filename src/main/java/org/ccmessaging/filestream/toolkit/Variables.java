package org.ccmessaging.filestream.toolkit;

/**
 * Names of exchange variables: what the service knows of a request. The body of a message is the bytes, first of the
 * request and then of the file. Routes read a variable as <code>${variable.name}</code>.
 *
 * @since 0.1.0
 */
public final class Variables {

    /**
     * The parsed request: a {@link DownloadRequest} or {@link SessionTokenRequest}. Steps {@code parse-…} set it.
     */
    public static final String REQUEST = "request";

    /**
     * A copy of the verified {@link Customer}. Step {@code authenticate} sets it; what a route writes has no effect.
     */
    public static final String CUSTOMER = "customer";

    /** Tenant of the verified customer, a copy as {@link #CUSTOMER} is; key layouts read it. */
    public static final String TENANT_ID = "tenantId";

    /** Channel of the verified customer, a copy as {@link #CUSTOMER} is. */
    public static final String CHANNEL_ID = "channelId";

    /** ID of the verified customer, a copy as {@link #CUSTOMER} is. */
    public static final String USER_ID = "userId";

    /** A copy of the verified app's key. Steps {@code authenticate} and {@code authenticate-app} set it. */
    public static final String APP_KEY = "appKey";

    /** Name of the storage branch, as in {@code filestream.storage.<branch>}. Routes {@code storage-…} set it. */
    public static final String BRANCH = "branch";

    /** Key of the object as the request names it. Routes {@code storage-…} set it; key layouts read it. */
    public static final String OBJECT_KEY = "objectKey";

    /**
     * A copy of the {@link ObjectLocation}. Step {@code resolve-key} sets it; what a route writes has no effect.
     */
    public static final String LOCATION = "location";

    /** The GetObject request of the AWS SDK. Step {@code request-object} sets it; {@code get-object} sends it. */
    public static final String OBJECT_REQUEST = "objectRequest";

    /** Whether the complete file is in memory. Step {@code read-first-chunk} sets it. */
    public static final String IN_MEMORY = "inMemory";

    /**
     * Of a download that has ended: the code that the client got, or {@code aborted} if the client left before. Route
     * {@code direct:download-ended} reads it, as the next four.
     *
     * @since 0.2.0
     */
    public static final String RESULT_CODE = "resultCode";

    /**
     * Why the client got no file, in one word of {@link org.ccmessaging.filestream.failure.Cause}; absent on success.
     *
     * @since 0.2.0
     */
    public static final String CAUSE = "cause";

    /**
     * Why the download failed, in words for the operator; absent on success.
     *
     * @since 0.2.0
     */
    public static final String REASON = "reason";

    /**
     * Bytes of the file that the service read.
     *
     * @since 0.2.0
     */
    public static final String BYTES = "bytes";

    /**
     * Milliseconds from the request to the last byte of the response.
     *
     * @since 0.2.0
     */
    public static final String MS = "ms";

    /**
     * A copy of the request's {@link RequestId}. The HTTP edge sets it, and so does a download that has ended; what a
     * route writes has no effect.
     *
     * @since 0.2.0
     */
    public static final String REQUEST_ID = "requestId";

    private Variables() {
    }
}
