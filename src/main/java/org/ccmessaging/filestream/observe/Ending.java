package org.ccmessaging.filestream.observe;

import org.apache.camel.util.ObjectHelper;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.failure.DocumentedFailure;
import org.ccmessaging.filestream.failure.Refusal;

/** How a download ended. The console's page <i>Files</i> groups failed downloads by ending. */
public enum Ending {
    SERVED,
    /** The client disconnected. */
    ABORTED,
    /** An operator has stopped a route. */
    STOPPED,
    /** The service refused the download, for example because no permit was free. */
    BUSY,
    /** The code was 500, the storage or a called server failed, or the contract does not document the failure. */
    FAILED,
    /** The request had no valid credentials. */
    STRANGER,
    /** Any other documented failure, such as a malformed request or an unknown file. */
    REFUSED;

    static final String BUSINESS_FAILURE = "500";

    /** The code of a successful download (contract section 4.1). */
    private static final String SUCCESS = "0";

    /** @param failure {@code null} if nothing failed */
    static Ending of(String resultCode, Cause cause, Throwable failure) {
        Refusal refusal = Refusal.of(failure, 0);
        return refusal == Refusal.STOPPED ? STOPPED : refusal != null ? BUSY : switch (resultCode) {
            case SUCCESS -> SERVED;
            case FinishedDownload.ABORTED -> ABORTED;
            case BUSINESS_FAILURE -> FAILED;
            default -> switch (cause) {
                case BROKEN, UNREACHABLE, DENIED, CALLED_SERVER -> FAILED;
                case OTHER -> ObjectHelper.getException(DocumentedFailure.class, failure) != null ? REFUSED : FAILED;
                case CREDENTIALS -> STRANGER;
                default -> REFUSED;
            };
        };
    }
}
