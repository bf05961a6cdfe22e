package org.ccmessaging.filestream.observe;

import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.ccmessaging.filestream.auth.Identity;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.storage.ConfinedLocation;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.toolkit.Customer;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.GenerationNumber;
import org.ccmessaging.filestream.toolkit.LogText;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.RequestId;
import org.ccmessaging.filestream.toolkit.Variables;
import org.springframework.dao.DataAccessException;

/**
 * A download whose response has left or failed, for the log and the meters. It has no token, secret or file content.
 *
 * @param customer {@code null} if a credential was not valid
 * @param appKey the verified app's key; {@code null} if a credential was not valid
 * @param fileId {@code null} if the service refused the request before it was parsed
 * @param branch name of the storage branch; {@code none} if the service refused the request before it knew the branch
 * @param resultCode the code of the response; {@code aborted} if the client disconnected before its end
 * @param bytes number of bytes of the file that the service read
 * @param nanoseconds from the request to the last byte of the response
 * @param firstByteNanoseconds from the request to the first byte of the response; {@code null} if there was none
 * @param reason why the download failed, for the operator; {@code null} on success
 * @param stopped whether it failed because a route is stopped
 */
record FinishedDownload(String requestId, Customer customer, String appKey, String fileId, String branch,
        String resultCode, long bytes, long nanoseconds, Long firstByteNanoseconds, Cause cause, String reason,
        boolean stopped, int generation) {

    /** Exchange property: when the response started, as {@link System#nanoTime()}. */
    static final String RESPONSE_STARTED = FinishedDownload.class.getName() + ".responseStarted";

    /** Exchange property: the {@link Responded}. */
    static final String RESPONDED = FinishedDownload.class.getName() + ".responded";

    /** The code of the response. It has a separate type, so that no route can set it. */
    record Responded(String resultCode) {
    }

    private static final String ABORTED = "aborted";

    static final String NONE = "none";

    /** The code of a refusal (contract section 4.2). */
    static final String BUSY = "503";

    /** The endpoint of a branch's route, up to its name. */
    private static final String BRANCH_ENDPOINT = "direct://storage-";

    /** The code of a complete file (contract section 4.1). */
    private static final String SUCCESS = "0";

    /** @param start when the request arrived, as {@link System#nanoTime()} */
    static FinishedDownload of(Exchange exchange, long start, StorageSettings storage) {
        long nanoseconds = System.nanoTime() - start;
        Throwable failure = failure(exchange);
        boolean stopped = failure instanceof DirectConsumerNotAvailableException;
        String calledLast = stopped ? exchange.getProperty(ExchangePropertyKey.FAILURE_ENDPOINT, "", String.class) : "";
        Identity identity = Identity.of(exchange);
        Long started = exchange.getProperty(RESPONSE_STARTED, Long.class);
        return new FinishedDownload(
                RequestId.of(exchange),
                identity == null ? null : identity.customer(),
                identity == null ? null : identity.appKey(),
                exchange.getVariable(Variables.REQUEST) instanceof DownloadRequest request ? request.fileId() : null,
                exchange.getVariable(Variables.BRANCH, branchOf(calledLast, storage), String.class),
                exchange.getProperty(RESPONDED) instanceof Responded sent ? sent.resultCode() : ABORTED,
                StoredObject.bytesRead(exchange),
                nanoseconds,
                started == null ? null : started - start,
                Cause.of(failure),
                stopped ? "stopped: no route that is started takes " + calledLast : reason(failure, exchange),
                stopped,
                GenerationNumber.of(exchange.getContext()));
    }

    /** Returns the branch of a route that is stopped. Only the route itself would set the variable. */
    private static String branchOf(String endpoint, StorageSettings storage) {
        String name = endpoint.startsWith(BRANCH_ENDPOINT) ? endpoint.substring(BRANCH_ENDPOINT.length()) : NONE;
        return storage.containsKey(name) ? name : NONE;
    }

    /** Returns the failure, also one that a clause of the result codes has handled; {@code null} without a failure. */
    static Throwable failure(Exchange exchange) {
        return exchange.isFailed() ? exchange.getException()
                : exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
    }

    /** Returns whether the client did not get the complete file. */
    boolean isFailed() {
        return !resultCode.equals(SUCCESS);
    }

    /** Returns whether the service had no permit for the download. */
    boolean isRefused() {
        return resultCode.equals(BUSY) && branch.equals(NONE);
    }

    boolean isAborted() {
        return resultCode.equals(ABORTED);
    }

    /** Tomcat wraps the failure of a connection once or twice, in messages that start with the name of a class. */
    private static String message(Throwable failure) {
        Throwable first = failure;
        while (first instanceof IOException && first.getCause() instanceof IOException cause) {
            first = cause;
        }
        return first instanceof DataAccessException ? LogText.ofDatabase(first) : String.valueOf(first.getMessage());
    }

    /** Returns the message of the failure, and adds the object if the message does not name it. */
    private static String reason(Throwable failure, Exchange exchange) {
        if (failure == null) {
            return null;
        }
        String reason = message(failure);
        ObjectLocation location = ConfinedLocation.of(exchange);
        return location == null || reason.contains(location.key()) ? reason : reason + "; object " + location;
    }
}
