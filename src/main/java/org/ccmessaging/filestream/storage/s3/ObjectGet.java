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
 * A GET of an object. Only step {@code request-object} makes these GETs, and {@link TakeObject} accepts only responses
 * to such GETs. So a route that edits, stores or swaps requests cannot return another object or a part of an object.
 */
final class ObjectGet {

    static final String PROPERTY = ObjectGet.class.getName();

    private static final ExecutionAttribute<ObjectGet> ATTRIBUTE = new ExecutionAttribute<>("filestream.object-get");

    /** A response without values, because Camel would copy the values to message headers. */
    private static final GetObjectResponse NO_HEADERS = GetObjectResponse.builder().build();

    /** The response to a GET. The caller must read the body to the end or close the body. */
    record ObjectResponse(HttpResponse head, StoreHttpClient.ObjectBody body) {

        /** Returns the first value; {@code null} if the header is absent. */
        String header(String name) {
            Header first = head.getFirstHeader(name);
            return first == null ? null : first.getValue();
        }

        long length() {
            String length = header(HttpHeaders.CONTENT_LENGTH);
            return length == null ? StoredObject.UNKNOWN_LENGTH : Long.parseLong(length);
        }

        String strongEtag() {
            String etag = header(HttpHeaders.ETAG);
            return etag == null || etag.startsWith("W/") ? null : etag;
        }

        /** Returns {@code null} if the store sent no version ID. */
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

    /** Returns {@code null} if a route built the request, for example by copying another request. */
    static ObjectGet of(GetObjectRequest request) {
        ObjectGet get = request.overrideConfiguration()
                .map(override -> override.executionAttributes().getAttribute(ATTRIBUTE)).orElse(null);
        return get != null && get.request == request ? get : null;
    }

    /** Sends the GET. A route cannot read from the returned stream. */
    ResponseInputStream<GetObjectResponse> sendTo(S3Store itsStore) {
        return responded(itsStore.send(request, origin, deadline), itsStore);
    }

    synchronized ResponseInputStream<GetObjectResponse> responded(ObjectResponse received, S3Store itsStore) {
        // Duration.ZERO turns off the stream's timer, which would stay in a queue for a minute.
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

    void requireServable() {
        if (!servable) {
            store.requireServable(request, response, origin, deadline);
            servable = true;
        }
    }

    Secret link(Duration lifetime, String contentType, String contentDisposition) {
        String version = null;
        if (store.requiresTags() || store.ownerMetadata() != null) {
            // The link names this version, because a later version may have other tags or another owner.
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
     * @throws UnauthorizedException if the body is not the unread stream of {@link #sendTo}, or {@code wanted} is
     *     not the location of the GET
     * @throws NotOwnerException if the required metadata does not name the customer as the owner
     */
    synchronized ObjectResponse handOver(Object body, ObjectLocation wanted) {
        if (body == null || body != unread || wanted != origin.object()) {
            throw new UnauthorizedException("not the response to the request that step request-object made");
        }
        OwnerMetadata.require(store.ownerMetadata(), response, origin.requester().customer());
        unread = null;
        return response;
    }

    /** Aborts a response that step {@code take-object} has not taken. Otherwise, the connection would leak. */
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
