package org.ccmessaging.filestream.support;

import java.util.Base64;

/**
 * The responses that the contract documents, byte for byte. Each row of its section 4 has a constant with the name of
 * the row's clause in {@code result-codes.camel.yaml}. The texts are literals, so they do not follow the product.
 */
public final class Outcomes {

    // Section 4.1: status 200.

    public static final String IDENTITY_MISSING = """
            {"resultCode":"2","resultDesc":"param channelId or userId or tenantId is null"}""";

    public static final String OBJECT_KEY_MISSING = """
            {"resultCode":"401","resultDesc":"objectKey is null!"}""";

    public static final String FILE_TYPE_OUT_OF_RANGE = """
            {"resultCode":"13","resultDesc":"param filetype Out of range!"}""";

    public static final String EMPTY_FILE = """
            {"resultCode":"13","resultDesc":"empty file!"}""";

    public static final String FILE_SERVICE_REFUSED = """
            {"resultCode":"13","resultDesc":"fsservice downloadFile is failed"}""";

    public static final String READ_BROKEN = """
            {"resultCode":"13","resultDesc":"downloadFileStream IOException"}""";

    public static final String DOWNLOAD_FAILED = """
            {"resultCode":"13","resultDesc":"downloadFileStream exception"}""";

    // Section 4.2: other statuses.

    public static final String UNAUTHORIZED = """
            {"errorCode":"401","exceptionInfo":"Unauthorized operation."}""";

    public static final String UNKNOWN_PATH = """
            {"errorCode":"404","exceptionInfo":"The requested content is not found. Check the request path."}""";

    /** Of a path that takes POST. */
    public static final String METHOD_NOT_ALLOWED = """
            {"errorCode":"405","exceptionInfo":"This path takes POST only."}""";

    /** Of the interface description. */
    public static final String METHOD_NOT_ALLOWED_BUT_GET = """
            {"errorCode":"405","exceptionInfo":"This path takes GET only."}""";

    public static final String BUSINESS_FAILURE = """
            {"errorCode":"500","exceptionInfo":"Business failure. Check the values of parameters in the request."}""";

    public static final String BUSY = """
            {"errorCode":"503","exceptionInfo":"The service is busy. Send the request again after the seconds in \
            Retry-After."}""";

    /** What comes before the sentence about what is wrong. */
    public static final String BAD_REQUEST_HEAD = """
            {"errorCode":"400","exceptionInfo":"Incorrect request. Check the request path and parameters.\s""";

    // Section 5: applyToken.

    private static final String WRONG_FIELD = """
            {"resultCode":"1","resultDesc":"%s"}""";

    // Section 4.1 and 4.3: a response with a file.

    /** What comes before the Base64 of a file. */
    public static final String FILE_HEAD = """
            {"fileStream":\"""";

    /** What comes after the Base64 of a complete file. */
    public static final String FILE_TAIL = """
            ","resultCode":"0"}""";

    /** What comes after the Base64 that was sent before the read broke. */
    public static final String BROKEN_TAIL = """
            ","resultCode":"13","resultDesc":"downloadFileStream IOException"}""";

    private Outcomes() {
    }

    /** @param what is wrong: the sentence after the documented one */
    public static String badRequest(String what) {
        return BAD_REQUEST_HEAD + what.replace("\"", "\\\"") + "\"}";
    }

    /** @param what is wrong with the field */
    public static String wrongField(String what) {
        return WRONG_FIELD.formatted(what);
    }

    /** The response with a complete file. */
    public static String success(byte[] file) {
        return FILE_HEAD + Base64.getEncoder().encodeToString(file) + FILE_TAIL;
    }
}
