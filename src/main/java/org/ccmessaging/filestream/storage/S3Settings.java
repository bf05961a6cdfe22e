package org.ccmessaging.filestream.storage;

import java.net.URI;
import java.time.Duration;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.Secret;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The S3-compatible store of all branches of type {@code s3}.
 *
 * @param endpoint its address; without one, Amazon's for the region
 * @param region its region; without one, the AWS default chain, or {@code us-east-1} where an endpoint is set
 * @param accessKey with {@code secretKey}; without both, the AWS default credentials chain
 * @param secretKey with {@code accessKey}
 * @param pathStyleAccess whether the bucket is part of the path and not of the host name
 * @param maxConnections connections to the store at the same time, from 1 to 20,000; each download of an S3 branch
 *     holds one
 * @param connectTimeout how long a connection may take to be made
 * @param readTimeout how long the store may send nothing
 * @param maxAttempts how often a request is sent before it counts as failed, from 1 to 10
 * @param adaptiveConcurrency whether requests wait for each other where more at the same time would only be later
 */
@ConfigurationProperties(prefix = "filestream.s3", ignoreUnknownFields = false)
public record S3Settings(URI endpoint, String region, String accessKey, Secret secretKey, boolean pathStyleAccess,
        int maxConnections, Duration connectTimeout, Duration readTimeout, int maxAttempts,
        boolean adaptiveConcurrency) {

    private static final String PREFIX = "filestream.s3.";

    /** @throws InvalidSettingException where a value is out of its range, or one of a pair is missing */
    public S3Settings {
        // A deployment that passes every variable on leaves the unused ones blank.
        region = region == null || region.isBlank() ? null : region;
        accessKey = accessKey == null || accessKey.isBlank() ? null : accessKey;
        secretKey = secretKey == null || secretKey.isBlank() ? null : secretKey;
        if (endpoint != null && (endpoint.getHost() == null || !endpoint.toString().matches("https?://.*"))) {
            throw new InvalidSettingException(PREFIX + "endpoint", endpoint,
                    "an http or https address, such as https://s3.example.com");
        }
        if ((accessKey == null) != (secretKey == null)) {
            throw new InvalidSettingException(PREFIX + (accessKey == null ? "access-key" : "secret-key"), null,
                    "a value, since the other one of access-key and secret-key is set");
        }
        InvalidSettingException.requireRange(PREFIX + "max-connections", maxConnections, 1, 20_000);
        requirePositive("connect-timeout", connectTimeout);
        requirePositive("read-timeout", readTimeout);
        InvalidSettingException.requireRange(PREFIX + "max-attempts", maxAttempts, 1, 10);
    }

    private static void requirePositive(String name, Duration duration) {
        if (duration == null || duration.isNegative() || duration.isZero()) {
            throw new InvalidSettingException(PREFIX + name, duration, "a duration of more than 0, such as 5s");
        }
    }
}
