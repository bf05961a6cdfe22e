package org.ccmessaging.filestream.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.ccmessaging.filestream.storage.s3.Deadlines.Deadline;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * A GET of an object that only step {@code request-object} makes, with its location, its deadline and the store's
 * response. {@link BoundGets} sends no other request, and {@link TakeObject} takes no other response. So a
 * route that edits, keeps or exchanges requests gets no object but its customer's, and no part of it.
 */
final class ObjectGet {

    /** Name of the exchange property. */
    static final String PROPERTY = ObjectGet.class.getName();

    private static final ExecutionAttribute<ObjectGet> ATTRIBUTE = new ExecutionAttribute<>("filestream.object-get");

    /**
     * The store's response.
     *
     * @param body its bytes, which the reader must read to the end, close or abort
     */
    record Response(GetObjectResponse head, AbortableInputStream body) {
    }

    private final ObjectLocation location;
    private final Deadline deadline;
    private final GetObjectRequest request;
    private Response response;
    private ResponseInputStream<GetObjectResponse> unread;
    private boolean abandoned;

    /** Binds the request to the location and the deadline. */
    ObjectGet(GetObjectRequest.Builder request, ObjectLocation location, Deadline deadline) {
        this.location = location;
        this.deadline = deadline;
        this.request = request.overrideConfiguration(override -> override.putExecutionAttribute(ATTRIBUTE, this))
                .build();
    }

    /** What the request carries; {@code null} for every request that a route made, also from one of this class. */
    static ObjectGet of(GetObjectRequest request) {
        ObjectGet get = request.overrideConfiguration()
                .map(override -> override.executionAttributes().getAttribute(ATTRIBUTE)).orElse(null);
        return get != null && get.request == request ? get : null;
    }

    /** The request that {@link BoundGets} sends. */
    GetObjectRequest request() {
        return request;
    }

    /** The branch whose object it is. */
    String branch() {
        return location.branch();
    }

    Deadline deadline() {
        return deadline;
    }

    /**
     * Keeps the response of the store.
     *
     * @return what a route gets in its place, of which it can read nothing
     */
    synchronized ResponseInputStream<GetObjectResponse> responded(Response received) {
        // Without the stream's timer, which would stay in a queue for a minute (decision 0006).
        ResponseInputStream<GetObjectResponse> ofRoutes = new ResponseInputStream<>(received.head(),
                AbortableInputStream.create(new Unread(), received.body()), Duration.ZERO);
        response = received;
        unread = ofRoutes;
        if (abandoned) {
            abandon();
        }
        return ofRoutes;
    }

    /**
     * The response of the store, once.
     *
     * @return {@code null} if the body does not stand for the response to this request, the request was made for
     *     another location, or a step has taken the response before
     */
    synchronized Response take(Object body, ObjectLocation wanted) {
        if (body == null || body != unread || wanted != location) {
            return null;
        }
        unread = null;
        return response;
    }

    /**
     * Aborts a response that no step has taken or will take, because the exchange is over. An edited route may drop
     * one, and the pool would miss its connection for ever.
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
            throw new IOException("a route reads nothing of the response of the store: step take-object must be next");
        }
    }
}
