package org.ccmessaging.filestream.storage.s3;

import java.net.URI;
import java.time.Duration;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.ccmessaging.filestream.settings.Secret;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The S3-compatible store of all branches of type {@code s3}.
 *
 * @param endpoint its address; without one, Amazon's for the region
 * @param region its region; without one, the AWS default chain, or {@code us-east-1} if an endpoint is set
 * @param accessKey with {@code secretKey}; without both, the AWS default credentials chain
 * @param secretKey with {@code accessKey}
 * @param pathStyleAccess whether the bucket is part of the path and not of the host name
 * @param maxConnections connections to the store at the same time, from 1 to 20,000; each download of an S3 branch
 *     holds one until the service has read its last byte
 * @param connectTimeout longest time to open a connection, more than 0
 * @param readTimeout longest silence of the store, more than 0
 * @param maxAttempts how many requests the service sends before a GET counts as failed, from 1 to 10; a resumed read is
 *     a GET of its own
 * @param adaptiveConcurrency whether the concurrency limit holds GETs back that would only slow the store down
 *     (decision 0009)
 * @param verifyResponses how the service makes sure that a response belongs to its request (decision 0026)
 * @param circuitOpenTime how long no GET goes out after most GETs have failed, at most 10 min; 0 s keeps the circuit
 *     closed (decision 0027)
 */
@ConfigurationProperties(prefix = "filestream.s3", ignoreUnknownFields = false)
public record S3Settings(URI endpoint, String region, String accessKey, Secret secretKey, boolean pathStyleAccess,
        int maxConnections, Duration connectTimeout, Duration readTimeout, int maxAttempts,
        boolean adaptiveConcurrency, VerifyResponses verifyResponses, Duration circuitOpenTime) {

    /** What the service asks of a response to a GET. */
    public enum VerifyResponses {
        /** Its nonce. Where the store turns out not to send nonces back, each connection serves one request. */
        AUTO,
        /** Its nonce, from every store. */
        REQUIRE,
        /** Nothing: requests carry no nonce, and each connection serves one request. */
        OFF
    }

    private static final String PREFIX = "filestream.s3.";
    private static final Duration LONGEST_OPEN = Duration.ofMinutes(10);

    /** @throws InvalidSettingException if a value is out of its range, or one of a pair is missing */
    public S3Settings {
        region = SettingChecks.blankToNull(region);
        accessKey = SettingChecks.blankToNull(accessKey);
        secretKey = SettingChecks.blankToNull(secretKey);
        if (endpoint != null) {
            SettingChecks.requireHttp(PREFIX + "endpoint", endpoint);
        }
        if ((accessKey == null) != (secretKey == null)) {
            throw new InvalidSettingException(PREFIX + (accessKey == null ? "access-key" : "secret-key"), null,
                    "a value, since the other one of access-key and secret-key is set");
        }
        SettingChecks.requireRange(PREFIX + "max-connections", maxConnections, 1, 20_000);
        SettingChecks.requirePositive(PREFIX + "connect-timeout", connectTimeout);
        SettingChecks.requirePositive(PREFIX + "read-timeout", readTimeout);
        SettingChecks.requireRange(PREFIX + "max-attempts", maxAttempts, 1, 10);
        if (verifyResponses == null) {
            throw new InvalidSettingException(PREFIX + "verify-responses", null, "auto, require or off");
        }
        if (circuitOpenTime == null || circuitOpenTime.isNegative() || circuitOpenTime.compareTo(LONGEST_OPEN) > 0) {
            throw new InvalidSettingException(PREFIX + "circuit-open-time", circuitOpenTime,
                    "a duration from 0s to 10m");
        }
    }
}
