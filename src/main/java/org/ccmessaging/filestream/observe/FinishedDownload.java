package org.ccmessaging.filestream.observe;

import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.ccmessaging.filestream.auth.ClientRequest;
import org.ccmessaging.filestream.auth.Identity;
import org.ccmessaging.filestream.auth.RequestJson;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.failure.Refusal;
import org.ccmessaging.filestream.storage.ConfinedLocation;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.toolkit.Customer;
import org.ccmessaging.filestream.toolkit.LogText;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.Variables;
import org.springframework.dao.DataAccessException;

/**
 * A download whose response was sent or failed. Only {@code exchange} contains tokens and file content.
 *
 * @param customer {@code null} if the service had not verified the credentials
 * @param appKey the key of the verified app; {@code null} if {@code customer} is {@code null}
 * @param fileId {@code null} if the request has no ID, or the service had not parsed the request
 * @param branch name of the storage branch; {@code none} if the service had not determined the branch
 * @param resultCode the code of the response; {@code aborted} if the response is incomplete, as after a disconnect
 * @param bytes number of bytes that the service read from the file
 * @param nanoseconds time from the end of the request's body to the last byte of the response
 * @param firstByteNanoseconds like {@code nanoseconds}, but to the first byte; {@code null} if there was no response
 * @param refusal {@code null} if the service did not refuse the download
 * @param message why the download failed, for the operator; {@code null} on success
 * @param location {@code null} if the service had not located the file
 */
public record FinishedDownload(Exchange exchange, Customer customer, String appKey, String fileId, String branch,
        String resultCode, long bytes, long nanoseconds, Long firstByteNanoseconds, Refusal refusal, Cause cause,
        Ending ending, String message, ObjectLocation location) {

    /** Receives each finished download, in the thread that finished it. */
    public interface Listener {

        void ended(FinishedDownload download);
    }

    /** Exchange property: when the response started, as {@link System#nanoTime()}. */
    static final String RESPONSE_STARTED = FinishedDownload.class.getName() + ".responseStarted";

    /** Exchange property: the result code of the response. */
    static final String RESPONDED = FinishedDownload.class.getName() + ".responded";

    static final String STATUS = FinishedDownload.class.getName() + ".status";

    static final String ABORTED = "aborted";

    static final String NONE = "none";

    /** @param start when step {@code record-download} ran, as {@link System#nanoTime()} */
    static FinishedDownload of(Exchange exchange, long start, StorageSettings storage) {
        long nanoseconds = System.nanoTime() - start;
        Throwable failure = RequestJson.documented(exchange.isFailed() ? exchange.getException()
                : exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class), exchange);
        Refusal refusal = Refusal.of(failure, exchange.getProperty(STATUS, 0, int.class));
        Cause cause = Cause.of(failure);
        String resultCode = exchange.getProperty(RESPONDED, ABORTED, String.class);
        Identity identity = Identity.of(exchange);
        Long started = exchange.getProperty(RESPONSE_STARTED, Long.class);
        ObjectLocation location = ConfinedLocation.of(exchange);
        return new FinishedDownload(
                exchange,
                identity == null ? null : identity.customer(),
                identity == null ? null : identity.appKey(),
                ClientRequest.fileId(exchange),
                // Without a type, getVariable does not convert the value. The conversion of a stream could fail.
                branch(location != null ? location.branch() : exchange.getVariable(Variables.BRANCH), storage),
                resultCode,
                StoredObject.bytesRead(exchange),
                nanoseconds,
                started == null ? null : started - start,
                refusal,
                cause,
                Ending.of(resultCode, cause, failure),
                message(refusal, message(failure)),
                location);
    }

    private static String branch(Object named, StorageSettings storage) {
        return storage.containsKey(named) ? named.toString() : NONE;
    }

    /** Returns the message, and the location unless the message has the object's key; {@code null} on success. */
    public String reason() {
        return message == null || location == null || message.contains(location.key()) ? message
                : message + "; object " + location;
    }

    /** Returns whether the service refused a verified customer before the branch was known. */
    boolean isRefused() {
        return ending == Ending.BUSY && customer != null && branch.equals(NONE);
    }

    boolean isOfStranger() {
        return ending == Ending.STRANGER && customer == null;
    }

    /** Puts the tag of a refusal before the text, unless the text starts with the tag. */
    private static String message(Refusal refusal, String text) {
        return refusal == null ? text : text == null ? refusal.reason()
                : text.startsWith(refusal.tag() + ":") ? text : refusal.tag() + ": " + text;
    }

    private static String message(Throwable failure) {
        if (failure == null) {
            return null;
        }
        Throwable first = failure;
        // Skips Tomcat's wrappers of a connection failure, whose messages start with a class name.
        while (first instanceof IOException && first.getCause() instanceof IOException cause) {
            first = cause;
        }
        return first instanceof DataAccessException ? LogText.ofDatabase(first) : String.valueOf(first.getMessage());
    }
}
