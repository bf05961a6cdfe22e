package org.ccmessaging.filestream.storage;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The S3-compatible store of the branches of type {@code s3}. A branch may override each setting ({@link #of}); its
 * other settings are {@code null} or empty.
 *
 * @param endpoint the address; without it, that of Amazon for the region
 * @param publicEndpoint the address in links to files (contract section 9); without it, {@code endpoint}
 * @param region the region; without it, the AWS default chain, or {@code us-east-1} if an endpoint is set
 * @param accessKey with {@code secretKey}; without both, the AWS default credentials chain
 * @param secretKey with {@code accessKey}
 * @param pathStyleAccess whether the bucket is part of the path and not of the host name
 * @param sslBundle Spring Boot's SSL bundle with the authorities that sign the certificate of the store; without it,
 *     the authorities of Java
 * @param proxy the HTTP proxy; without it, the one of the environment ({@code HTTP_PROXY}, {@code NO_PROXY})
 * @param proxyUsername with {@code proxyPassword}, if the proxy requires them
 * @param proxyPassword with {@code proxyUsername}
 * @param maxConnections maximum number of connections to the store, from 1 to 20,000; each download of an S3 branch
 *     holds one until the service has read its last byte
 * @param connectTimeout longest time to open a connection, more than 0
 * @param readTimeout longest silence of the store, more than 0
 * @param maxAttempts maximum number of requests for one GET, from 1 to 10; a resumed read is another GET
 * @param adaptiveConcurrency whether the concurrency limit delays GETs that would only slow the store down (decision
 *     0006)
 * @param verifyResponses how the service verifies that a response belongs to its request (decision 0012)
 * @param circuitOpenTime how long the circuit stays open after most GETs have failed, at most 10 min; with 0 s it never
 *     opens (decision 0013)
 * @param requiredTags the tags that an object must have, with the accepted value of each
 * @param requiredTagsPending the values of these tags whose object the scanner has not scanned yet
 * @param requiredTagsCache how long the service remembers that these tags accept a version, at most 1 h
 */
@ConfigurationProperties(prefix = "filestream.s3")
public record S3Settings(URI endpoint, URI publicEndpoint, String region, String accessKey, Secret secretKey,
        Boolean pathStyleAccess, String sslBundle, URI proxy, String proxyUsername, Secret proxyPassword,
        Integer maxConnections, Duration connectTimeout, Duration readTimeout, Integer maxAttempts,
        Boolean adaptiveConcurrency, VerifyResponses verifyResponses, Duration circuitOpenTime,
        @DefaultValue Map<String, String> requiredTags, @DefaultValue List<String> requiredTagsPending,
        Duration requiredTagsCache) {

    /** How the service verifies the response to a GET. */
    public enum VerifyResponses {
        /** By its nonce. If the store sends no nonces back, each connection serves one request. */
        AUTO,
        /** By its nonce. Responses without their nonce are rejected. */
        REQUIRE,
        /** Not at all: requests carry no nonce, and each connection serves one request. */
        OFF
    }

    /** Treats blank values as absent. */
    public S3Settings {
        region = SettingChecks.blankToNull(region);
        accessKey = SettingChecks.blankToNull(accessKey);
        secretKey = SettingChecks.blankToNull(secretKey);
        sslBundle = SettingChecks.blankToNull(sslBundle);
        proxyUsername = SettingChecks.blankToNull(proxyUsername);
        proxyPassword = SettingChecks.blankToNull(proxyPassword);
    }

    S3Settings require(String prefix) {
        if (endpoint != null) {
            SettingChecks.requireHttp(prefix + "endpoint", endpoint);
        }
        if (publicEndpoint != null) {
            SettingChecks.requireHttp(prefix + "public-endpoint", publicEndpoint);
        }
        SettingChecks.refuseIf(proxy == null && proxyUsername != null, prefix + "proxy", null,
                "the address of the proxy, since proxy-username is set");
        SettingChecks.refuseIf(proxy != null && (!"http".equals(proxy.getScheme()) || proxy.getHost() == null
                || proxy.getPort() < 0 || proxy.getUserInfo() != null), prefix + "proxy", proxy,
                "an http address with a port and without a user, such as http://proxy.example.com:3128");
        requireBoth(prefix, "proxy-username", proxyUsername, "proxy-password", proxyPassword);
        requireBoth(prefix, "access-key", accessKey, "secret-key", secretKey);
        SettingChecks.requireRange(prefix + "max-connections", maxConnections, 1, 20_000);
        SettingChecks.requirePositive(prefix + "connect-timeout", connectTimeout);
        SettingChecks.requirePositive(prefix + "read-timeout", readTimeout);
        SettingChecks.requireRange(prefix + "max-attempts", maxAttempts, 1, 10);
        SettingChecks.refuseIf(pathStyleAccess == null, prefix + "path-style-access", null, "true or false");
        SettingChecks.refuseIf(adaptiveConcurrency == null, prefix + "adaptive-concurrency", null, "true or false");
        SettingChecks.refuseIf(verifyResponses == null, prefix + "verify-responses", null, "auto, require or off");
        SettingChecks.requireDuration(prefix + "circuit-open-time", circuitOpenTime, "0s", "10m");
        SettingChecks.requireDuration(prefix + "required-tags-cache", requiredTagsCache, "0s", "1h");
        requiredTags.forEach((tag, value) -> SettingChecks.requireText(prefix + "required-tags." + tag, value));
        return this;
    }

    private static void requireBoth(String prefix, String name, String user, String secretName, Secret secret) {
        SettingChecks.refuseIf((user == null) != (secret == null), prefix + (user == null ? name : secretName), null,
                "a value, since the other one of " + name + " and " + secretName + " is set");
    }

    /**
     * Returns the settings of the store of a branch. Access key and secret key count as one setting, and so do the
     * proxy and its credentials: no secret goes to a store or proxy that it does not belong to. A branch with its own
     * endpoint does not use the shared public endpoint, which is that of another store.
     *
     * @param its the settings that the branch overrides; {@code null} if none
     * @throws InvalidSettingException if a value is out of its range, or one of a pair is missing
     */
    public S3Settings of(String branch, S3Settings its) {
        if (its == null) {
            return this;
        }
        S3Settings keys = its.accessKey != null || its.secretKey != null ? its : this;
        S3Settings proxies = its.proxy != null || its.proxyUsername != null || its.proxyPassword != null ? its : this;
        return new S3Settings(or(its.endpoint, endpoint),
                its.endpoint == null ? or(its.publicEndpoint, publicEndpoint) : its.publicEndpoint,
                or(its.region, region), keys.accessKey, keys.secretKey, or(its.pathStyleAccess, pathStyleAccess),
                or(its.sslBundle, sslBundle), proxies.proxy, proxies.proxyUsername, proxies.proxyPassword,
                or(its.maxConnections, maxConnections), or(its.connectTimeout, connectTimeout),
                or(its.readTimeout, readTimeout), or(its.maxAttempts, maxAttempts),
                or(its.adaptiveConcurrency, adaptiveConcurrency), or(its.verifyResponses, verifyResponses),
                or(its.circuitOpenTime, circuitOpenTime),
                its.requiredTags.isEmpty() ? requiredTags : its.requiredTags,
                its.requiredTagsPending.isEmpty() ? requiredTagsPending : its.requiredTagsPending,
                or(its.requiredTagsCache, requiredTagsCache))
                .require("filestream.storage." + branch + ".s3.");
    }

    private static <T> T or(T own, T shared) {
        return own == null ? shared : own;
    }
}
