package org.ccmessaging.filestream.storage.s3;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.ccmessaging.filestream.storage.StorageProbe;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.health.Health;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A branch of type {@code s3} is up while the store responds to a HEAD of its bucket. */
@Component
final class BucketProbe implements StorageProbe {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final int FORBIDDEN = 403;

    private final ObjectProvider<S3Stores> stores;

    /** @param stores a provider, because a service without a branch of type {@code s3} has none */
    BucketProbe(ObjectProvider<S3Stores> stores) {
        this.stores = stores;
    }

    @Override
    public StorageSettings.Type type() {
        return StorageSettings.Type.S3;
    }

    @Override
    public Map<String, String> known(StorageSettings.Branch branch) {
        S3Store store = stores.getObject().of(branch);
        return Map.of("circuit", store.circuit().state(), "responses", store.verification().state());
    }

    @Override
    public Health probe(StorageSettings.Branch branch) {
        S3Client client = stores.getObject().of(branch).client();
        try {
            client.serviceClientConfiguration().credentialsProvider().resolveIdentity().join();
        } catch (SdkClientException | CompletionException missing) {
            return down("no credentials: set filestream.s3.access-key and filestream.s3.secret-key, or give the AWS"
                    + " default credentials chain some (" + missing.getMessage() + ")");
        }
        try {
            client.headBucket(request -> request.bucket(branch.bucket())
                    .overrideConfiguration(limit -> limit.apiCallTimeout(TIMEOUT)));
            return Health.up().build();
        } catch (S3Exception response) {
            // Credentials that may read objects need not be allowed to HEAD the bucket.
            return response.statusCode() == FORBIDDEN ? Health.up().build()
                    : down("bucket " + branch.bucket() + ": HTTP " + response.statusCode());
        } catch (SdkException unreachable) {
            return down(unreachable.getMessage());
        }
    }

    private static Health down(String reason) {
        return Health.down().withDetail("reason", reason).build();
    }
}
