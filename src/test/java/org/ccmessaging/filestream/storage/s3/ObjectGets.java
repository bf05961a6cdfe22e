package org.ccmessaging.filestream.storage.s3;

import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.storage.s3.Deadlines.Deadline;
import org.ccmessaging.filestream.storage.s3.ObjectGet.ObjectResponse;
import org.ccmessaging.filestream.storage.s3.StoreCircuit.Origin;
import org.ccmessaging.filestream.storage.s3.StoreCircuit.Requester;
import org.ccmessaging.filestream.toolkit.Customer;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/** Requests that tests send to the store, as if step {@code request-object} had made them. */
final class ObjectGets {

    static final Requester REQUESTER = new Requester(new Customer("demo", "web", "alice"), "demo-app");
    static final Origin ORIGIN = new Origin(REQUESTER, new ObjectLocation("standard", "demo", "demo/any"));

    private ObjectGets() {
    }

    /** Sends the request, which has a minute until its first byte, and takes the response. */
    static ObjectResponse open(S3Client client, GetObjectRequest request) {
        ObjectLocation location = new ObjectLocation(request.bucket(), "", request.key());
        ObjectGet get = new ObjectGet(request.toBuilder(), new Origin(REQUESTER, location),
                new Deadline(System.nanoTime() + TimeUnit.MINUTES.toNanos(1), "test"));
        return get.handOver(client.getObject(get.request), location);
    }
}
