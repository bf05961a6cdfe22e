package org.ccmessaging.filestream.storage.s3;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.ccmessaging.filestream.storage.StorageProbe;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.storage.s3.RouteS3Client.Bucket;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.HttpStatusCode;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Checks an S3 branch by a HEAD request for its bucket. */
@Component
record BucketProbe(StorageSettings branches, ObjectProvider<RouteS3Client> stores) implements StorageProbe {

    private static final Duration TIMEOUT = Duration.ofSeconds(8);

    @Override
    public Collection<String> names() {
        return branches.ofType(StorageSettings.Type.S3);
    }

    @Override
    public Map<String, String> known(String name) {
        return stores.getObject().of(name).states();
    }

    @Override
    public Down probe(String name) {
        Bucket bucket = stores.getObject().bucket(name);
        SdkException failure = head(bucket);
        return failure == null ? null : StoreFault.explain(failure, bucket);
    }

    /** Returns {@code null} if the HEAD request shows no fault. */
    private static SdkException head(Bucket bucket) {
        try {
            bucket.store().client().headBucket(head -> head.bucket(bucket.name())
                    .overrideConfiguration(limit -> limit.apiCallTimeout(TIMEOUT)));
            return null;
        } catch (S3Exception refused) {
            SdkException named = refused.statusCode() == HttpStatusCode.NOT_FOUND
                    || refused.statusCode() >= HttpStatusCode.INTERNAL_SERVER_ERROR ? refused : named(refused, bucket);
            // Credentials without the right to HEAD the bucket may still read objects, so this 403 is not a fault.
            return refused.statusCode() == HttpStatusCode.FORBIDDEN && StoreFault.of(named, bucket) == StoreFault.RIGHTS
                    ? null : named;
        } catch (SdkException unreachable) {
            return unreachable;
        }
    }

    /**
     * Sends a GET, because the response to a HEAD has no error code. Returns {@code refused} if the GET brings no
     * specific error code.
     */
    private static SdkException named(S3Exception refused, Bucket bucket) {
        try {
            bucket.store().client().getBucketLocation(get -> get.bucket(bucket.name())
                    .overrideConfiguration(limit -> limit.apiCallTimeout(TIMEOUT)));
        } catch (S3Exception named) {
            return StoreFault.of(named, bucket) == StoreFault.RIGHTS ? refused : named;
        } catch (SdkException unreachable) {
            // The response to the HEAD says more than this failure.
        }
        return refused;
    }
}
