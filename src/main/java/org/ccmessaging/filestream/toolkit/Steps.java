package org.ccmessaging.filestream.toolkit;

/**
 * Names of the beans that {@code process} steps refer to. Step, bean and class share one name: step
 * {@code read-first-chunk} refers to bean {@code readFirstChunk} of class {@code ReadFirstChunk}. A step that occurs
 * several times adds a suffix to its id: {@code respond-busy} refers to bean {@code respond}.
 *
 * @since 0.1.0
 */
public final class Steps {

    /** The first step. Writes the log line and the meters of a download when its response has left. */
    public static final String RECORD_DOWNLOAD = "recordDownload";

    /** Checks the three credentials, proves the customer and sets copies of it as variables. */
    public static final String AUTHENTICATE = "authenticate";

    /** Checks the two credentials of an app and sets a copy of its key as variable {@code appKey}. */
    public static final String AUTHENTICATE_APP = "authenticateApp";

    /** Takes a permit in flight. The exchange returns it when its response has left. */
    public static final String ADMIT = "admit";

    /** Replaces the body by its text: at most 64 KiB of UTF-8. */
    public static final String READ_BODY = "readBody";

    /** Checks variable {@code request} in the order of contract section 4. */
    public static final String CHECK_REQUEST = "checkRequest";

    /** Sets variable {@code objectKey} to the key that {@link #REMEMBER_KEY} keeps. */
    public static final String RECALL_KEY = "recallKey";

    /** Keeps variable {@code objectKey} for further requests of the tenant for the same file. */
    public static final String REMEMBER_KEY = "rememberKey";

    /** Makes the location of a file from the verified customer, variable {@code branch} and {@code objectKey}. */
    public static final String RESOLVE_KEY = "resolveKey";

    /** Opens the file at the location; the body is then the opened object. */
    public static final String OPEN_FILE = "openFile";

    /** Makes variable {@code objectRequest} for the location. */
    public static final String REQUEST_OBJECT = "requestObject";

    /** Makes the opened object from the S3 response in the body. */
    public static final String TAKE_OBJECT = "takeObject";

    /** Requests the file at the location from the HTTP server of the branch. */
    public static final String REQUEST_STREAM = "requestStream";

    /** Makes the opened object from the response to {@link #REQUEST_STREAM}, or from bytes that a component left. */
    public static final String TAKE_STREAM = "takeStream";

    /** Gives the bytes of the opened object to another system; the file must be opened again before it is read. */
    public static final String GIVE_STREAM = "giveStream";

    /** Reads the first chunk of the opened object; sets variable {@code inMemory}. */
    public static final String READ_FIRST_CHUNK = "readFirstChunk";

    /** Replaces the body by one that encodes the file while the service sends it. */
    public static final String ENCODE_STREAM = "encodeStream";

    /** Makes the JSON of the response. */
    public static final String RESPOND = "respond";

    /** Throws the failure that is the body. */
    public static final String RAISE_FAILURE = "raiseFailure";

    /** Compares app key and secret and signs an AccessToken. */
    public static final String ISSUE_ACCESS_TOKEN = "issueAccessToken";

    /** Checks the fields of variable {@code request} and signs a session token. */
    public static final String ISSUE_SESSION_TOKEN = "issueSessionToken";

    private Steps() {
    }
}
