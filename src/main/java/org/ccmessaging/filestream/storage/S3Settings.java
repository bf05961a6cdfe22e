package org.ccmessaging.filestream.storage;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.ccmessaging.filestream.settings.DependentSettings;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The S3-compatible store of the branches of type {@code s3}. A branch has the same settings, which are {@code null}
 * where it uses the shared ones ({@link #of}).
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
public record S3Settings(URI endpoint, String region, String accessKey, Secret secretKey, Boolean pathStyleAccess,
        String sslBundle, URI proxy, String proxyUsername, Secret proxyPassword, Integer maxConnections,
        Duration connectTimeout, Duration readTimeout, Integer maxAttempts, Boolean adaptiveConcurrency,
        VerifyResponses verifyResponses, Duration circuitOpenTime) implements DependentSettings {

    /** What the service asks of a response to a GET. */
    public enum VerifyResponses {
        /** Its nonce. Where the store turns out not to send nonces back, each connection serves one request. */
        AUTO,
        /** Its nonce, from every store. */
        REQUIRE,
        /** Nothing: requests carry no nonce, and each connection serves one request. */
        OFF
    }

    private static final Duration LONGEST_OPEN = Duration.ofMinutes(10);

    /** A deployment that passes on every variable leaves the unused ones blank. */
    public S3Settings {
        region = SettingChecks.blankToNull(region);
        accessKey = SettingChecks.blankToNull(accessKey);
        secretKey = SettingChecks.blankToNull(secretKey);
        sslBundle = SettingChecks.blankToNull(sslBundle);
        proxyUsername = SettingChecks.blankToNull(proxyUsername);
        proxyPassword = SettingChecks.blankToNull(proxyPassword);
    }

    /** Checks the shared settings. Those of the branches are checked with them ({@link #of}). */
    @Override
    public void check(BeanFactory others, Set<String> sslBundles) {
        require("filestream.s3.");
    }

    /** @throws InvalidSettingException if a value is out of its range, or one of a pair is missing */
    private S3Settings require(String prefix) {
        if (endpoint != null) {
            SettingChecks.requireHttp(prefix + "endpoint", endpoint);
        }
        requireProxy(prefix);
        requireBoth(prefix, "access-key", accessKey, "secret-key", secretKey);
        SettingChecks.requireBetween(prefix + "max-connections", maxConnections, 1, 20_000,
                "a whole number from 1 to 20000");
        SettingChecks.requirePositive(prefix + "connect-timeout", connectTimeout);
        SettingChecks.requirePositive(prefix + "read-timeout", readTimeout);
        SettingChecks.requireBetween(prefix + "max-attempts", maxAttempts, 1, 10, "a whole number from 1 to 10");
        SettingChecks.requireBetween(prefix + "path-style-access", pathStyleAccess, false, true, "true or false");
        SettingChecks.requireBetween(prefix + "adaptive-concurrency", adaptiveConcurrency, false, true,
                "true or false");
        SettingChecks.requireBetween(prefix + "verify-responses", verifyResponses, VerifyResponses.AUTO,
                VerifyResponses.OFF, "auto, require or off");
        SettingChecks.requireBetween(prefix + "circuit-open-time", circuitOpenTime, Duration.ZERO, LONGEST_OPEN,
                "a duration from 0s to 10m");
        return this;
    }

    private void requireProxy(String prefix) {
        SettingChecks.refuseIf(proxy == null && proxyUsername != null, prefix + "proxy", null,
                "the address of the proxy, since proxy-username is set");
        SettingChecks.refuseIf(proxy != null && (!"http".equals(proxy.getScheme()) || proxy.getHost() == null
                || proxy.getPort() < 0 || proxy.getUserInfo() != null), prefix + "proxy", proxy,
                "an http address with a port and without a user, such as http://proxy.example.com:3128");
        requireBoth(prefix, "proxy-username", proxyUsername, "proxy-password", proxyPassword);
    }

    private static void requireBoth(String prefix, String name, String user, String secretName, Secret secret) {
        SettingChecks.refuseIf((user == null) != (secret == null), prefix + (user == null ? name : secretName), null,
                "a value, since the other one of " + name + " and " + secretName + " is set");
    }

    /**
     * Returns the store of a branch. Access key and secret key count as one setting, and so does all that concerns the
     * proxy: no secret goes where it does not belong.
     *
     * @param branch its name
     * @param its what it has instead of these settings; {@code null} if nothing
     * @throws InvalidSettingException if both together are out of range, or one of a pair is missing
     */
    public S3Settings of(String branch, S3Settings its) {
        if (its == null) {
            return this;
        }
        S3Settings keys = its.accessKey != null || its.secretKey != null ? its : this;
        S3Settings proxies = its.proxy != null || its.proxyUsername != null || its.proxyPassword != null ? its : this;
        return new S3Settings(or(its.endpoint, endpoint), or(its.region, region), keys.accessKey, keys.secretKey,
                or(its.pathStyleAccess, pathStyleAccess), or(its.sslBundle, sslBundle), proxies.proxy,
                proxies.proxyUsername, proxies.proxyPassword, or(its.maxConnections, maxConnections),
                or(its.connectTimeout, connectTimeout), or(its.readTimeout, readTimeout),
                or(its.maxAttempts, maxAttempts), or(its.adaptiveConcurrency, adaptiveConcurrency),
                or(its.verifyResponses, verifyResponses), or(its.circuitOpenTime, circuitOpenTime))
                .require("filestream.storage." + branch + ".s3.");
    }

    private static <T> T or(T own, T shared) {
        return own == null ? shared : own;
    }
}
