package org.ccmessaging.filestream.storage.s3;

import org.ccmessaging.filestream.storage.s3.Deadlines.Deadline;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/**
 * What a request for an object carries, which no route can make: the location that it was made for, and its deadline.
 * {@link BoundGets} sends no request without one, and {@link TakeObject} takes no response to another one. So a route
 * that edits, keeps or exchanges requests gets no object but its customer's.
 */
final class ObjectGet {

    private static final ExecutionAttribute<ObjectGet> ATTRIBUTE = new ExecutionAttribute<>("filestream.object-get");

    private final ObjectLocation location;
    private final String bucket;
    private final Deadline deadline;
    private volatile Object response;

    private ObjectGet(ObjectLocation location, String bucket, Deadline deadline) {
        this.location = location;
        this.bucket = bucket;
        this.deadline = deadline;
    }

    /** Gives the request what it carries. */
    static GetObjectRequest bind(GetObjectRequest request, ObjectLocation location, Deadline deadline) {
        return request.toBuilder().overrideConfiguration(override -> override.putExecutionAttribute(
                ATTRIBUTE, new ObjectGet(location, request.bucket(), deadline))).build();
    }

    /** What the request carries; {@code null} if step {@code request-object} did not make it. */
    static ObjectGet of(GetObjectRequest request) {
        return request.overrideConfiguration()
                .map(override -> override.executionAttributes().getAttribute(ATTRIBUTE)).orElse(null);
    }

    /** Whether the request still names the object that it was made for. */
    boolean isFor(GetObjectRequest request) {
        return bucket.equals(request.bucket()) && location.key().equals(request.key());
    }

    /** The branch whose object it is. */
    String branch() {
        return location.branch();
    }

    Deadline deadline() {
        return deadline;
    }

    /** Keeps the response that the store sent to this request. */
    void responded(Object received) {
        response = received;
    }

    /** Whether it is the response to this request, and the request was made for this location. */
    boolean brought(Object received, ObjectLocation wanted) {
        return received == response && wanted == location;
    }
}
