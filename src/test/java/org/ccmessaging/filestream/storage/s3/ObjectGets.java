package org.ccmessaging.filestream.storage.s3;

import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.storage.s3.Deadlines.Deadline;
import org.ccmessaging.filestream.storage.s3.client.SingleAttemptGets;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/** Requests that tests send to the store, as if step {@code request-object} had made them. */
public final class ObjectGets {

    private ObjectGets() {
    }

    /** The request for a complete object, which has a minute until its first byte. */
    public static GetObjectRequest complete(String bucket, String key) {
        return ObjectGet.bind(SingleAttemptGets.completeObject(bucket, key), new ObjectLocation(bucket, "", key),
                new Deadline(System.nanoTime() + TimeUnit.MINUTES.toNanos(1), "test"));
    }
}
