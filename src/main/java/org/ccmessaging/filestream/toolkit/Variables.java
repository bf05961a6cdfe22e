package org.ccmessaging.filestream.toolkit;

/**
 * Names of exchange variables, which hold what the service knows of a request. The body of a message holds bytes: those
 * of the request, and then those of the file. Routes read a variable as <code>${variable.name}</code>.
 *
 * @since 0.1.0
 */
public final class Variables {

    /** The parsed request: {@link DownloadRequest} or {@link SessionTokenRequest}. Steps {@code parse-…} set it. */
    public static final String REQUEST = "request";

    /** A copy of the verified {@link Customer}, from step {@code authenticate}. Writing it has no effect. */
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

    /** A copy of the {@link ObjectLocation}, from step {@code resolve-key}. Writing it has no effect. */
    public static final String LOCATION = "location";

    /** The GetObject request of the AWS SDK. Step {@code request-object} sets it; {@code get-object} sends it. */
    public static final String OBJECT_REQUEST = "objectRequest";

    /** Whether the complete file is in memory. Step {@code read-first-chunk} sets it. */
    public static final String IN_MEMORY = "inMemory";

    /**
     * Outcome of a download that has ended: the code that the client got, or {@code aborted} if the client left before.
     * Route {@code direct:download-ended} reads it and the next four.
     */
    public static final String RESULT_CODE = "resultCode";

    /** Label of the {@link org.ccmessaging.filestream.failure.Cause} of a failed download; absent on success. */
    public static final String CAUSE = "cause";

    /** Why the download failed, in words for the operator; absent on success. */
    public static final String REASON = "reason";

    /** Bytes of the file that the service read. */
    public static final String BYTES = "bytes";

    /** Milliseconds from the request to the last byte of the response. */
    public static final String MS = "ms";

    /** A copy of the {@link RequestId}, from the HTTP edge. Writing it has no effect. */
    public static final String REQUEST_ID = "requestId";

    private Variables() {
    }
}
