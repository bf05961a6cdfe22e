package org.ccmessaging.filestream.storage;

import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.health.CompositeHealthContributor;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthContributor;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Health contributor {@code storage}: one entry a branch. Readiness includes it, liveness does not. */
@Configuration(proxyBeanMethods = false)
class StorageHealth {

    /** Shorter than the time-out of usual probes, so that a probe gets an answer and not silence. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @Bean
    HealthContributor storageHealthContributor(StorageSettings settings, ObjectProvider<S3Client> client) {
        Map<String, HealthIndicator> branches = new LinkedHashMap<>();
        settings.byName().forEach((name, branch) -> branches.put(name, branch.type() == StorageSettings.Type.S3
                ? () -> bucket(branch, client.getObject())
                : () -> folder(branch)));
        return CompositeHealthContributor.fromMap(branches);
    }

    private static Health folder(StorageSettings.Branch branch) {
        boolean readable = Files.isDirectory(branch.root()) && Files.isReadable(branch.root());
        return readable ? Health.up().build()
                : Health.down().withDetail("reason", "no readable folder at " + branch.root().toAbsolutePath()).build();
    }

    private static Health bucket(StorageSettings.Branch branch, S3Client client) {
        try {
            client.headBucket(request -> request.bucket(branch.bucket())
                    .overrideConfiguration(limit -> limit.apiCallTimeout(PATIENCE)));
            return Health.up().build();
        } catch (S3Exception answer) {
            // Who may read objects need not be allowed to ask for the bucket.
            return answer.statusCode() == 403 ? Health.up().build()
                    : Health.down().withDetail("reason", "bucket " + branch.bucket() + ": HTTP " + answer.statusCode())
                            .build();
        } catch (SdkException unreachable) {
            return Health.down().withDetail("reason", unreachable.getMessage()).build();
        }
    }
}
