package org.ccmessaging.filestream.storage.s3;

import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.storage.s3.Deadlines.Deadline;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Requests that tests send to the store, as if step {@code request-object} had made them. */
public final class ObjectGets {

    private ObjectGets() {
    }

    /** Sends the request, which has a minute until its first byte, and takes the response. */
    public static ResponseInputStream<GetObjectResponse> open(S3Client client, GetObjectRequest request) {
        ObjectLocation location = new ObjectLocation(request.bucket(), "", request.key());
        ObjectGet get = new ObjectGet(request, location,
                new Deadline(System.nanoTime() + TimeUnit.MINUTES.toNanos(1), "test"));
        return get.take(client.getObject(get.request()), location);
    }
}
