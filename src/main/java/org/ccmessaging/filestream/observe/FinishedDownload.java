package org.ccmessaging.filestream.observe;

import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.camel.processor.ThrottlerRejectedExecutionException;
import org.apache.camel.util.ObjectHelper;
import org.ccmessaging.filestream.auth.ClientRequest;
import org.ccmessaging.filestream.auth.Identity;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.storage.ConfinedLocation;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.toolkit.Customer;
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
 * @param busy whether the service had no permit for it, or a step throttled it
 */
record FinishedDownload(String requestId, Customer customer, String appKey, String fileId, String branch,
        String resultCode, long bytes, long nanoseconds, Long firstByteNanoseconds, Cause cause, String reason,
        boolean stopped, boolean busy, int generation) {

    /** Exchange property: when the response started, as {@link System#nanoTime()}. */
    static final String RESPONSE_STARTED = FinishedDownload.class.getName() + ".responseStarted";

    /** Exchange property: the code of the response. */
    static final String RESPONDED = FinishedDownload.class.getName() + ".responded";

    private static final String ABORTED = "aborted";

    static final String NONE = "none";

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
                ClientRequest.fileId(exchange),
                branch(exchange, calledLast, storage),
                exchange.getProperty(RESPONDED, ABORTED, String.class),
                StoredObject.bytesRead(exchange),
                nanoseconds,
                started == null ? null : started - start,
                Cause.of(failure),
                stopped ? "stopped: no route that is started takes " + calledLast : reason(failure, exchange),
                stopped,
                ObjectHelper.getException(ServiceBusyException.class, failure) != null
                        || ObjectHelper.getException(ThrottlerRejectedExecutionException.class, failure) != null,
                GenerationNumber.of(exchange.getContext()));
    }

    /**
     * Returns the branch of the location. Before the service has made one, it is that of the settings which variable
     * {@code branch} names, or which the route of a stopped branch would set.
     */
    private static String branch(Exchange exchange, String calledLast, StorageSettings storage) {
        ObjectLocation location = ConfinedLocation.of(exchange);
        // Without a conversion, which fails for a broken stream, and the download would have no line.
        Object named = location != null ? location.branch() : exchange.getVariable(Variables.BRANCH,
                calledLast.replace(BRANCH_ENDPOINT, ""), Object.class);
        return storage.containsKey(named) ? named.toString() : NONE;
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

    /** Returns whether the service had no permit for a verified customer, whatever a clause says of it. */
    boolean isRefused() {
        return busy && customer != null && branch.equals(NONE);
    }

    boolean isAborted() {
        return resultCode.equals(ABORTED);
    }

    /** Returns the message of the failure, and adds the object if the message does not name it. */
    private static String reason(Throwable failure, Exchange exchange) {
        if (failure == null) {
            return null;
        }
        Throwable first = failure;
        // Tomcat wraps the failure of a connection once or twice, in messages that start with the name of a class.
        while (first instanceof IOException && first.getCause() instanceof IOException cause) {
            first = cause;
        }
        String reason = first instanceof DataAccessException ? LogText.ofDatabase(first)
                : String.valueOf(first.getMessage());
        ObjectLocation location = ConfinedLocation.of(exchange);
        return location == null || reason.contains(location.key()) ? reason : reason + "; object " + location;
    }
}
