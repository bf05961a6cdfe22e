package org.ccmessaging.filestream.storage.s3;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.ccmessaging.filestream.storage.StorageProbe;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.HttpStatusCode;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Reports a branch of type {@code s3} as up while the store responds to a HEAD of its bucket and accepts the
 * credentials.
 *
 * @param stores a provider, because a service without a branch of type {@code s3} has none
 */
@Component
record BucketProbe(StorageSettings branches, ObjectProvider<RouteS3Client> stores) implements StorageProbe {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** S3 error codes for bad credentials, as opposed to a missing permission. */
    private static final Set<String> CREDENTIAL_ERRORS = Set.of("InvalidAccessKeyId", "SignatureDoesNotMatch",
            "ExpiredToken", "InvalidToken", "TokenRefreshRequired");

    @Override
    public Collection<String> names() {
        return branches.ofType(StorageSettings.Type.S3);
    }

    @Override
    public Map<String, String> known(String name) {
        return stores.getObject().byBranch().get(name).states();
    }

    @Override
    public String probe(String name) {
        String bucket = branches.named(name).bucket();
        S3Client client = stores.getObject().byBranch().get(name).client();
        try {
            client.headBucket(request -> request.bucket(bucket)
                    .overrideConfiguration(limit -> limit.apiCallTimeout(TIMEOUT)));
            return null;
        } catch (S3Exception response) {
            return refused(response.statusCode(), client, bucket);
        } catch (SdkException unreachable) {
            return String.valueOf(unreachable.getMessage());
        }
    }

    /** Credentials that may read objects need not be allowed to HEAD the bucket, so a 403 alone is not a fault. */
    private static String refused(int status, S3Client client, String bucket) {
        String code = status == HttpStatusCode.FORBIDDEN || status == HttpStatusCode.BAD_REQUEST
                ? code(client, bucket) : "";
        if (CREDENTIAL_ERRORS.contains(code)) {
            return "the store does not accept the credentials (" + code + "): correct filestream.s3.access-key and"
                    + " filestream.s3.secret-key, or those of the branch";
        }
        if (code.equals("RequestTimeTooSkewed")) {
            return "the clocks of the store and of this machine differ (" + code + "): set this machine's by NTP";
        }
        return status == HttpStatusCode.FORBIDDEN ? null : "bucket " + bucket + ": HTTP " + status;
    }

    /** The S3 error code of another request; empty if it has none. The response to a HEAD has no body for a code. */
    private static String code(S3Client client, String bucket) {
        try {
            client.getBucketLocation(request -> request.bucket(bucket)
                    .overrideConfiguration(limit -> limit.apiCallTimeout(TIMEOUT)));
            return "";
        } catch (SdkException failure) {
            return failure instanceof S3Exception response && response.awsErrorDetails() != null
                    ? String.valueOf(response.awsErrorDetails().errorCode()) : "";
        }
    }
}
