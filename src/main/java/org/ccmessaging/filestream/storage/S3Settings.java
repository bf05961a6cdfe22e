package org.ccmessaging.filestream.storage;

import java.net.URI;
import java.time.Duration;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The S3-compatible store of the branches of type {@code s3}. A branch may have its own, by {@link Overrides}.
 *
 * @param endpoint its address; without one, Amazon's for the region
 * @param region its region; without one, the AWS default chain, or {@code us-east-1} if an endpoint is set
 * @param accessKey with {@code secretKey}; without both, the AWS default credentials chain
 * @param secretKey with {@code accessKey}
 * @param pathStyleAccess whether the bucket is part of the path and not of the host name
 * @param sslBundle Spring Boot's SSL bundle with the authorities that may have signed the store's certificate; without
 *     one, Java's own authorities
 * @param proxy the HTTP proxy on the way to the store; without one, what the environment says ({@code HTTP_PROXY},
 *     {@code NO_PROXY})
 * @param proxyUsername with {@code proxyPassword}, where the proxy asks for them
 * @param proxyPassword with {@code proxyUsername}
 * @param maxConnections connections to the store at the same time, from 1 to 20,000; each download of an S3 branch
 *     holds one until the service has read its last byte
 * @param connectTimeout longest time to open a connection, more than 0
 * @param readTimeout longest silence of the store, more than 0
 * @param maxAttempts how many requests the service sends before a GET counts as failed, from 1 to 10; a resumed read is
 *     a GET of its own
 * @param adaptiveConcurrency whether the concurrency limit holds GETs back that would only slow the store down
 *     (decision 0006)
 * @param verifyResponses how the service makes sure that a response belongs to its request (decision 0012)
 * @param circuitOpenTime how long no GET goes out after most GETs have failed, at most 10 min; 0 s keeps the circuit
 *     closed (decision 0013)
 */
@ConfigurationProperties(prefix = "filestream.s3", ignoreUnknownFields = false)
public record S3Settings(URI endpoint, String region, String accessKey, Secret secretKey, boolean pathStyleAccess,
        String sslBundle, URI proxy, String proxyUsername, Secret proxyPassword, int maxConnections,
        Duration connectTimeout, Duration readTimeout, int maxAttempts, boolean adaptiveConcurrency,
        VerifyResponses verifyResponses, Duration circuitOpenTime) {

    /** What the service asks of a response to a GET. */
    public enum VerifyResponses {
        /** Its nonce. Where the store turns out not to send nonces back, each connection serves one request. */
        AUTO,
        /** Its nonce, from every store. */
        REQUIRE,
        /** Nothing: requests carry no nonce, and each connection serves one request. */
        OFF
    }

    /**
     * What a branch has instead of {@code filestream.s3}; {@code null} where it has nothing else. Access key and secret
     * key count as one setting, and so does all that concerns the proxy: no secret goes where it does not belong.
     *
     * @param endpoint as in {@link S3Settings}
     * @param region as in {@link S3Settings}
     * @param accessKey as in {@link S3Settings}
     * @param secretKey as in {@link S3Settings}
     * @param pathStyleAccess as in {@link S3Settings}
     * @param sslBundle as in {@link S3Settings}
     * @param proxy as in {@link S3Settings}
     * @param proxyUsername as in {@link S3Settings}
     * @param proxyPassword as in {@link S3Settings}
     * @param maxConnections as in {@link S3Settings}
     * @param connectTimeout as in {@link S3Settings}
     * @param readTimeout as in {@link S3Settings}
     * @param maxAttempts as in {@link S3Settings}
     * @param adaptiveConcurrency as in {@link S3Settings}
     * @param verifyResponses as in {@link S3Settings}
     * @param circuitOpenTime as in {@link S3Settings}
     */
    public record Overrides(URI endpoint, String region, String accessKey, Secret secretKey, Boolean pathStyleAccess,
            String sslBundle, URI proxy, String proxyUsername, Secret proxyPassword, Integer maxConnections,
            Duration connectTimeout, Duration readTimeout, Integer maxAttempts, Boolean adaptiveConcurrency,
            VerifyResponses verifyResponses, Duration circuitOpenTime) {

        /** A deployment that passes on every variable leaves the unused ones blank. */
        public Overrides {
            accessKey = SettingChecks.blankToNull(accessKey);
            proxyUsername = SettingChecks.blankToNull(proxyUsername);
            region = SettingChecks.blankToNull(region);
            sslBundle = SettingChecks.blankToNull(sslBundle);
            secretKey = SettingChecks.blankToNull(secretKey);
            proxyPassword = SettingChecks.blankToNull(proxyPassword);
        }

        private boolean hasKeys() {
            return accessKey != null || secretKey != null;
        }

        private boolean hasProxy() {
            return proxy != null || proxyUsername != null || proxyPassword != null;
        }
    }

    private static final String PREFIX = "filestream.s3.";
    private static final Duration LONGEST_OPEN = Duration.ofMinutes(10);

    /** @throws InvalidSettingException if a value is out of its range, or one of a pair is missing */
    public S3Settings {
        region = SettingChecks.blankToNull(region);
        accessKey = SettingChecks.blankToNull(accessKey);
        secretKey = SettingChecks.blankToNull(secretKey);
        sslBundle = SettingChecks.blankToNull(sslBundle);
        proxyUsername = SettingChecks.blankToNull(proxyUsername);
        proxyPassword = SettingChecks.blankToNull(proxyPassword);
        if (endpoint != null) {
            SettingChecks.requireHttp(PREFIX + "endpoint", endpoint);
        }
        checkProxy(proxy, proxyUsername, proxyPassword);
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

    private static void checkProxy(URI proxy, String username, Secret password) {
        if (proxy == null && username != null) {
            throw new InvalidSettingException(PREFIX + "proxy", null,
                    "the address of the proxy, since proxy-username is set");
        }
        if (proxy != null && (!"http".equals(proxy.getScheme()) || proxy.getHost() == null || proxy.getPort() < 0
                || proxy.getUserInfo() != null)) {
            throw new InvalidSettingException(PREFIX + "proxy", proxy, "an http address with a port and without a"
                    + " user, such as http://proxy.example.com:3128");
        }
        if ((username == null) != (password == null)) {
            throw new InvalidSettingException(PREFIX + (username == null ? "proxy-username" : "proxy-password"), null,
                    "a value, since the other one of proxy-username and proxy-password is set");
        }
    }

    /**
     * The store of a branch.
     *
     * @param branch its name
     * @param its what it has instead of these settings; {@code null} if nothing
     * @throws InvalidSettingException if both together are out of range, or one of a pair is missing
     */
    public S3Settings of(String branch, Overrides its) {
        if (its == null) {
            return this;
        }
        boolean ownKeys = its.hasKeys();
        boolean ownProxy = its.hasProxy();
        try {
            return new S3Settings(or(its.endpoint, endpoint), or(its.region, region),
                    ownKeys ? its.accessKey : accessKey, ownKeys ? its.secretKey : secretKey,
                    or(its.pathStyleAccess, pathStyleAccess), or(its.sslBundle, sslBundle),
                    ownProxy ? its.proxy : proxy, ownProxy ? its.proxyUsername : proxyUsername,
                    ownProxy ? its.proxyPassword : proxyPassword, or(its.maxConnections, maxConnections),
                    or(its.connectTimeout, connectTimeout), or(its.readTimeout, readTimeout),
                    or(its.maxAttempts, maxAttempts), or(its.adaptiveConcurrency, adaptiveConcurrency),
                    or(its.verifyResponses, verifyResponses), or(its.circuitOpenTime, circuitOpenTime));
        } catch (InvalidSettingException wrong) {
            // These settings were right before, so it is one of the branch's.
            throw new InvalidSettingException("filestream.storage." + branch + ".s3."
                    + wrong.key().substring(PREFIX.length()), wrong.value(), wrong.expected());
        }
    }

    private static <T> T or(T own, T shared) {
        return own == null ? shared : own;
    }
}
