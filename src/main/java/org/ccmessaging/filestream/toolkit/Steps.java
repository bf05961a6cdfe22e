package org.ccmessaging.filestream.toolkit;

/**
 * Names of the beans of {@code process} steps to which code refers. Step, bean and class share one name: step
 * {@code read-first-chunk} refers to bean {@code readFirstChunk} of class {@code ReadFirstChunk}, whose
 * {@link RouteStep} describes it ({@code routes list steps}). A step that occurs several times adds a suffix to its id:
 * {@code respond-busy} refers to bean {@code respond}.
 */
public final class Steps {

    public static final String RECORD_DOWNLOAD = "recordDownload";
    public static final String AUTHENTICATE = "authenticate";
    public static final String AUTHENTICATE_APP = "authenticateApp";
    public static final String ADMIT = "admit";
    public static final String READ_BODY = "readBody";
    public static final String CHECK_REQUEST = "checkRequest";
    public static final String OPEN_FILE = "openFile";
    public static final String REQUEST_OBJECT = "requestObject";
    public static final String TAKE_STREAM = "takeStream";
    public static final String READ_FIRST_CHUNK = "readFirstChunk";
    public static final String RESPOND = "respond";
    public static final String RAISE_FAILURE = "raiseFailure";
    public static final String ISSUE_ACCESS_TOKEN = "issueAccessToken";
    public static final String ISSUE_SESSION_TOKEN = "issueSessionToken";

    private Steps() {
    }
}
