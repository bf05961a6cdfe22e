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
 * A GET of an object, with its location, its deadline and the response. Only step {@code request-object} makes it.
 * {@link TakeObject} accepts the response to no other request. So a route that edits, keeps or exchanges requests gets
 * from step {@code take-object} only the complete object of its customer.
 */
final class ObjectGet {

    static final String PROPERTY = ObjectGet.class.getName();

    private static final ExecutionAttribute<ObjectGet> ATTRIBUTE = new ExecutionAttribute<>("filestream.object-get");

    /** Camel copies the headers of this response to the message, and route {@code read-s3} removes them again. */
    private static final GetObjectResponse NO_HEADERS = GetObjectResponse.builder().build();

    /** @param body the bytes of the object; the reader must read them to the end, close or abort them */
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

    /** The GET of a request; {@code null} for a request built by a route, even if it copied one of ours. */
    static ObjectGet of(GetObjectRequest request) {
        ObjectGet get = request.overrideConfiguration()
                .map(override -> override.executionAttributes().getAttribute(ATTRIBUTE)).orElse(null);
        return get != null && get.request == request ? get : null;
    }

    /** Sends the GET. Returns a stream in place of the response, from which a route can read nothing. */
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

    /** As {@link StoredObject.Source#requireServable}. */
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
            // A later version may be one that the customer must not get.
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
     * Returns the response once, to step {@code take-object}, which then has to close it.
     *
     * @throws UnauthorizedException if the body does not represent the response to this request, the request was for
     *     another location, or the step has got the response before
     * @throws NotOwnerException if the object belongs to another customer than that of the GET
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
     * Called when the exchange completes. Aborts a response that step {@code take-object} has not taken, because an
     * edited route may drop it, and the pool would never get its connection back.
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
