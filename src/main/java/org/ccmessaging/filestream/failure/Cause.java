package org.ccmessaging.filestream.failure;

import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;

/**
 * The reason why a download got no file, for metrics and alerts (decision 0021). A {@code resultCode} is not enough: a
 * misspelt file ID and a store that is down both get code 13.
 */
public enum Cause {

    /** No failure: the client got the file or a link to it. */
    NONE,

    /** The storage has no such object (for example status 404), or the request leads to no valid object key. */
    NOT_FOUND,

    EMPTY,

    TOO_LARGE,

    NOT_CLEAN,

    NOT_SCANNED,

    NOT_OWNER,

    /**
     * The storage refused the read, for example because of denied access, a missing bucket or folder, or an archived
     * object.
     */
    DENIED,

    /** Storage or database gave no usable response: refused connection, timeout, open circuit, status 5xx or 429. */
    UNREACHABLE,

    /**
     * The read failed, for example because bytes were missing or changed, or because the response belonged to another
     * request.
     */
    BROKEN,

    /** A server that a route calls, such as an HTTP server, was unreachable or refused the call. */
    CALLED_SERVER,

    FILE_TYPE,

    INVALID_REQUEST,

    /** The request has no valid credentials, or an edited route lacks a step that a later step needs. */
    CREDENTIALS,

    /** Other refusals, clients that disconnect, and faults of the service or its routes. */
    OTHER;

    private static final Map<Class<? extends DocumentedFailure>, Cause> OF_DOCUMENTED = Map.ofEntries(
            Map.entry(ObjectNotFoundException.class, NOT_FOUND),
            Map.entry(ObjectKeyMissingException.class, NOT_FOUND),
            Map.entry(EmptyFileException.class, EMPTY),
            Map.entry(FileTooLargeException.class, TOO_LARGE),
            Map.entry(FileNotCleanException.class, NOT_CLEAN),
            Map.entry(FileNotScannedException.class, NOT_SCANNED),
            Map.entry(NotOwnerException.class, NOT_OWNER),
            Map.entry(FileServiceRefusedException.class, DENIED),
            Map.entry(StorageUnreachableException.class, UNREACHABLE),
            Map.entry(ReadBrokenException.class, BROKEN),
            Map.entry(FileTypeOutOfRangeException.class, FILE_TYPE),
            Map.entry(InvalidRequestException.class, INVALID_REQUEST),
            Map.entry(UnauthorizedException.class, CREDENTIALS));

    /** Returns the value of metric label {@code cause}, such as {@code not-found}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Classifies a failure by the first {@link DocumentedFailure} in its chain of causes, otherwise by the first
     * exception of the AWS SDK, Camel's HTTP component or a database, otherwise by the failure itself. {@code null}
     * gives {@link #NONE}.
     */
    public static Cause of(Throwable failure) {
        if (failure == null) {
            return NONE;
        }
        List<Throwable> chain = Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(20).toList();
        return Stream.of(chain.stream().filter(DocumentedFailure.class::isInstance).map(Cause::ofDocumented),
                        chain.stream().map(Cause::ofLibrary), Stream.of(ofServer(failure)))
                .flatMap(causes -> causes).filter(it -> it != NONE).findFirst().orElse(OTHER);
    }

    /** Checks only the failure itself, because its causes may come from the connection to the client. */
    private static Cause ofServer(Throwable failure) {
        return failure instanceof SocketException || failure instanceof SocketTimeoutException
                || failure instanceof UnknownHostException || failure instanceof NoHttpResponseException
                ? CALLED_SERVER : NONE;
    }

    private static Cause ofDocumented(Throwable failure) {
        return Stream.<Class<?>>iterate(failure.getClass(), it -> it != DocumentedFailure.class, Class::getSuperclass)
                .map(OF_DOCUMENTED::get).filter(Objects::nonNull).findFirst().orElse(OTHER);
    }

    private static Cause ofLibrary(Throwable failure) {
        if (failure instanceof NoSuchBucketException) {
            return DENIED;
        }
        if (failure instanceof SdkServiceException response) {
            return switch (response.statusCode()) {
                case 404, 410 -> NOT_FOUND;
                case 429 -> UNREACHABLE;
                default -> response.statusCode() >= 500 ? UNREACHABLE : DENIED;
            };
        }
        if (failure instanceof HttpOperationFailedException response) {
            return Set.of(404, 410).contains(response.getStatusCode()) ? NOT_FOUND : CALLED_SERVER;
        }
        return failure instanceof SdkClientException || failure instanceof DataAccessException
                && !(failure instanceof DataIntegrityViolationException)
                && !(failure instanceof InvalidDataAccessResourceUsageException) ? UNREACHABLE : NONE;
    }
}
