package org.ccmessaging.filestream.failure;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.http.base.HttpOperationFailedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * The reason that a download got no file, as metrics and alerts name it. A {@code resultCode} does not tell it: code 13
 * is a file that a customer misspelt, and a store that is down. The class of the failure decides, here and nowhere else
 * (decision 0021).
 *
 * @since 0.2.0
 */
public enum Cause {

    /** Nothing failed: the client got the file. */
    NONE,

    /** The storage has no such object, or the request names none. */
    NOT_FOUND,

    /** The object has no bytes. */
    EMPTY,

    /** The object is larger than {@code filestream.download.max-file-size}. */
    TOO_LARGE,

    /** The storage responded and refused: access denied, no such bucket or folder, an object in an archive. */
    DENIED,

    /** The storage gave no usable response: refused connection, time-out, open circuit, status 5xx or 429. */
    UNREACHABLE,

    /** The response came and did not hold: the read broke, was cut, changed, or was of another request. */
    BROKEN,

    /** The service does not serve files of this type. */
    FILE_TYPE,

    /** Anything else: refusals with a status, clients that disconnect, faults of the service or its routes. */
    OTHER;

    private static final Map<Class<?>, Cause> OF_DOCUMENTED = Map.of(
            ObjectNotFoundException.class, NOT_FOUND,
            ObjectKeyMissingException.class, NOT_FOUND,
            EmptyFileException.class, EMPTY,
            FileTooLargeException.class, TOO_LARGE,
            FileServiceRefusedException.class, DENIED,
            FileServiceFailedException.class, UNREACHABLE,
            StorageUnreachableException.class, UNREACHABLE,
            ReadBrokenException.class, BROKEN,
            FileTypeOutOfRangeException.class, FILE_TYPE);

    private static final int NOT_FOUND_STATUS = 404;
    private static final int GONE = 410;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int INTERNAL_ERROR = 500;

    /** The value of label {@code cause}, such as {@code not-found}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Returns the cause of a failure. A documented failure decides wherever it is in the chain of causes; without one,
     * the first exception of the AWS SDK or of Camel's HTTP component does.
     *
     * @param failure {@code null} if nothing failed
     */
    public static Cause of(Throwable failure) {
        if (failure == null) {
            return NONE;
        }
        List<Throwable> chain = Stream.iterate(failure, it -> it != null, Throwable::getCause).limit(20).toList();
        return Stream.concat(chain.stream().filter(DocumentedFailure.class::isInstance)
                        .map(it -> ofDocumented(it.getClass())), chain.stream().map(Cause::ofLibrary))
                .filter(it -> it != NONE).findFirst().orElse(OTHER);
    }

    /** Says what a file service means by a status that is no success. */
    public static Cause ofStatus(int status) {
        if (status == NOT_FOUND_STATUS || status == GONE) {
            return NOT_FOUND;
        }
        return status >= INTERNAL_ERROR || status == TOO_MANY_REQUESTS ? UNREACHABLE : DENIED;
    }

    private static Cause ofDocumented(Class<?> failure) {
        Cause cause = OF_DOCUMENTED.get(failure);
        if (cause != null) {
            return cause;
        }
        return failure == DocumentedFailure.class ? OTHER : ofDocumented(failure.getSuperclass());
    }

    /** {@link #NONE} if the exception says nothing. */
    private static Cause ofLibrary(Throwable failure) {
        if (failure instanceof NoSuchKeyException) {
            return NOT_FOUND;
        }
        if (failure instanceof NoSuchBucketException) {
            return DENIED;
        }
        if (failure instanceof SdkServiceException response) {
            return ofStatus(response.statusCode());
        }
        if (failure instanceof HttpOperationFailedException response) {
            return ofStatus(response.getStatusCode());
        }
        return failure instanceof SdkClientException ? UNREACHABLE : NONE;
    }
}
