package org.ccmessaging.filestream.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.apache.http.Header;
import org.apache.http.HttpHeaders;
import org.apache.http.HttpResponse;
import org.ccmessaging.filestream.failure.NotOwnerException;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.storage.s3.Deadlines.Deadline;
import org.ccmessaging.filestream.storage.s3.StoreCircuit.Origin;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * A GET of an object, with its location, its deadline and its response. Only step {@code request-object} makes such
 * GETs. {@link TakeObject} accepts only the responses to these GETs. So even if a route edits, stores or swaps
 * requests, step {@code take-object} returns only the complete object of the customer.
 */
final class ObjectGet {

    static final String PROPERTY = ObjectGet.class.getName();

    private static final ExecutionAttribute<ObjectGet> ATTRIBUTE = new ExecutionAttribute<>("filestream.object-get");

    /** An empty response: Camel copies the values of a response to message headers, and the route needs no values. */
    private static final GetObjectResponse NO_HEADERS = GetObjectResponse.builder().build();

    /** @param body the bytes of the object; the reader must read the body to the end, close it or abort it */
    record ObjectResponse(HttpResponse head, StoreHttpClient.ObjectBody body) {

        /** Returns the first value of a header; {@code null} if the response lacks the header. */
        String header(String name) {
            Header first = head.getFirstHeader(name);
            return first == null ? null : first.getValue();
        }

        /** The announced length in bytes, or {@link StoredObject#UNKNOWN_LENGTH}. */
        long length() {
            String length = header(HttpHeaders.CONTENT_LENGTH);
            return length == null ? StoredObject.UNKNOWN_LENGTH : Long.parseLong(length);
        }

        /** The ETag if it is strong; otherwise {@code null}. */
        String strongEtag() {
            String etag = header(HttpHeaders.ETAG);
            return etag == null || etag.startsWith("W/") ? null : etag;
        }

        /** The version ID; {@code null} if the bucket has no versions. */
        String versionId() {
            return header("x-amz-version-id");
        }
    }

    final Origin origin;
    final Deadline deadline;
    final GetObjectRequest request;
    private S3Store store;
    private ObjectResponse response;
    private ResponseInputStream<GetObjectResponse> unread;
    private boolean abandoned;
    private boolean servable;

    ObjectGet(GetObjectRequest.Builder request, Origin origin, Deadline deadline) {
        this.origin = origin;
        this.deadline = deadline;
        this.request = request.overrideConfiguration(override -> override.putExecutionAttribute(ATTRIBUTE, this))
                .build();
    }

    /** The GET of a request; {@code null} if a route built the request, for example by copying another request. */
    static ObjectGet of(GetObjectRequest request) {
        ObjectGet get = request.overrideConfiguration()
                .map(override -> override.executionAttributes().getAttribute(ATTRIBUTE)).orElse(null);
        return get != null && get.request == request ? get : null;
    }

    /** Sends the GET. Returns a stream in place of the response. A route cannot read from this stream. */
    ResponseInputStream<GetObjectResponse> sendTo(S3Store itsStore) {
        return responded(itsStore.send(request, origin, deadline), itsStore);
    }

    synchronized ResponseInputStream<GetObjectResponse> responded(ObjectResponse received, S3Store itsStore) {
        // Duration.ZERO turns off the stream's timer, which would stay in a queue for a minute (decision 0006).
        ResponseInputStream<GetObjectResponse> ofRoutes = new ResponseInputStream<>(NO_HEADERS,
                AbortableInputStream.create(new Unread(), received.body()), Duration.ZERO);
        store = itsStore;
        response = received;
        unread = ofRoutes;
        if (abandoned) {
            abandon();
        }
        return ofRoutes;
    }

    ObjectResponse rest(long offset, String etag, Deadline until) {
        return store.send(request.toBuilder().range("bytes=" + offset + "-").ifMatch(etag)
                .checksumMode((ChecksumMode) null).build(), origin, until);
    }

    /** Implements {@link StoredObject.Source#requireServable}. */
    void requireServable() {
        if (!servable) {
            store.requireServable(request, response, origin, deadline);
            servable = true;
        }
    }

    /** Returns a link to the complete object in the same store ({@link StoredObject.Source#link}). */
    Secret link(Duration lifetime, String contentType, String contentDisposition) {
        String version = null;
        if (store.requiresTags() || store.ownerMetadata() != null) {
            // Limits the link to this version, because a later version may have other tags or another owner.
            version = response.versionId();
            if (!RequiredTags.isUnique(version)) {
                return null;
            }
            requireServable();
        }
        return store.link(lifetime, GetObjectRequest.builder().bucket(request.bucket()).key(request.key())
                .versionId(version).responseContentType(contentType)
                .responseContentDisposition(contentDisposition).build());
    }

    /**
     * Passes the response to step {@code take-object}. The step must close the response.
     *
     * @throws UnauthorizedException if the body is not the stream that {@link #sendTo} returned, the request was for
     *     another location, or an earlier call returned the response
     * @throws NotOwnerException if the object belongs to another customer
     */
    synchronized ObjectResponse handOver(Object body, ObjectLocation wanted) {
        if (body == null || body != unread || wanted != origin.object()) {
            throw new UnauthorizedException("not the response to the request that step request-object made");
        }
        OwnerMetadata.require(store.ownerMetadata(), response, origin.requester().customer());
        unread = null;
        return response;
    }

    /**
     * Called when the exchange completes. Aborts a response that step {@code take-object} has not taken, for example
     * because an edited route dropped it. Otherwise, the connection would never return to the pool.
     */
    synchronized void abandon() {
        abandoned = true;
        if (unread != null) {
            unread = null;
            response.body().abort();
        }
    }

    private static final class Unread extends InputStream {

        @Override
        public int read() throws IOException {
            throw new IOException("a route cannot read the response of the store: step take-object must be next");
        }
    }
}
