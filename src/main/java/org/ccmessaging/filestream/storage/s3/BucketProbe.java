package org.ccmessaging.filestream.storage.s3;

import java.time.Duration;
import org.ccmessaging.filestream.storage.StorageProbe;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.health.Health;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A branch of type {@code s3} is up while the store responds to a HEAD of its bucket. */
@Component
final class BucketProbe implements StorageProbe {

    /** All branches, one after the other, fit into the 8 s that the Helm chart's readiness probe waits. */
    private static final Duration LONGEST = Duration.ofSeconds(6);

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final int FORBIDDEN = 403;

    private final ObjectProvider<S3Stores> stores;
    private final Duration timeout;

    /** @param stores a provider, because a service without a branch of type {@code s3} has none */
    BucketProbe(ObjectProvider<S3Stores> stores, StorageSettings settings) {
        this.stores = stores;
        Duration share = LONGEST.dividedBy(Math.max(1, settings.ofType(StorageSettings.Type.S3).size()));
        this.timeout = share.compareTo(TIMEOUT) < 0 ? share : TIMEOUT;
    }

    @Override
    public StorageSettings.Type type() {
        return StorageSettings.Type.S3;
    }

    @Override
    public Health probe(StorageSettings.Branch branch) {
        S3Store store = stores.getObject().of(branch);
        Health bucket = head(store, branch);
        return Health.status(bucket.getStatus()).withDetails(bucket.getDetails())
                .withDetail("circuit", store.circuit().state())
                .withDetail("responses", store.verification().state()).build();
    }

    private Health head(S3Store store, StorageSettings.Branch branch) {
        try {
            store.client().headBucket(request -> request.bucket(branch.bucket())
                    .overrideConfiguration(limit -> limit.apiCallTimeout(timeout)));
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
