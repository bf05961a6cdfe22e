package org.ccmessaging.filestream.storage;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.settings.Between;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * The S3-compatible store of the branches of type {@code s3}. A branch may override each setting ({@link #of}). In the
 * record of a branch, settings without an override are {@code null} or empty.
 *
 * @param endpoint the address of the store; if not set, Amazon's address for the region
 * @param publicEndpoint the address in links to files (contract section 9); if not set, {@code endpoint}
 * @param region the region; by default {@code us-east-1} if {@code endpoint} is set, otherwise the AWS SDK's default
 * @param accessKey the access key ID, set together with {@code secretKey}; if neither is set, the AWS SDK's default
 *     credentials
 * @param secretKey the secret key, set together with {@code accessKey}
 * @param pathStyleAccess whether the bucket is in the path of a URL, and not in the host name
 * @param sslBundle Spring Boot's SSL bundle for the store: its CAs, a client certificate, protocols and ciphers; if
 *     not set, Java's defaults
 * @param proxy the HTTP proxy; if not set, the proxy of the environment ({@code HTTP_PROXY}, {@code NO_PROXY})
 * @param proxyUsername the user, set together with {@code proxyPassword} if the proxy requires a login
 * @param proxyPassword the password, set together with {@code proxyUsername}
 * @param maxConnections maximum number of connections to the store, from 1 to 20,000; each download holds a
 *     connection until the last byte of the object is read
 * @param connectTimeout longest time to open a connection
 * @param readTimeout longest time without a byte from the store
 * @param maxAttempts maximum number of attempts for one GET, from 1 to 10; a resumed read is another GET
 * @param verifyResponses how the service verifies that a response belongs to its request (decision 0012)
 * @param circuitOpenTime how long after a failed GET the open circuit breaker refuses GETs of the same file or session,
 *     at most 10 min; 0 s turns the circuit breaker off (decision 0013)
 * @param requiredTags the tags that an object must have, with the accepted value of each
 * @param requiredTagsPending values that a scanner sets in required tags before its verdict
 * @param requiredTagsCache how long the service remembers that an object version has the required tags, at most 1 h
 * @param ownerMetadata the name of the metadata with the owner's user ID, without {@code x-amz-meta-}; if set, only the
 *     owner may get the object
 */
@ConfigurationProperties(prefix = "filestream.s3", ignoreUnknownFields = false)
public record S3Settings(
        URI endpoint,
        URI publicEndpoint,
        String region,
        String accessKey,
        Secret secretKey,
        Boolean pathStyleAccess,
        String sslBundle,
        URI proxy,
        String proxyUsername,
        Secret proxyPassword,
        @Min(1) @Max(20_000) Integer maxConnections,
        @Between(min = "1ms", max = "1h") Duration connectTimeout,
        @Between(min = "1ms", max = "1h") Duration readTimeout,
        @Min(1) @Max(10) Integer maxAttempts,
        VerifyResponses verifyResponses,
        @Between(min = "0s", max = "10m") Duration circuitOpenTime,
        @DefaultValue Map<String, String> requiredTags,
        @DefaultValue List<String> requiredTagsPending,
        @Between(min = "0s", max = "1h") Duration requiredTagsCache,
        @Pattern(regexp = "[A-Za-z0-9_-]+", message = "must be the name of metadata without x-amz-meta-")
        String ownerMetadata) {

    /** How the service verifies, by a nonce, that a response belongs to its GET. */
    public enum VerifyResponses {
        /** Uses each connection once until the store repeats a nonce. Then rejects files sent without the nonce. */
        AUTO,
        /** Rejects each file whose response does not repeat the nonce of the GET. */
        REQUIRE,
        /** Sends no nonces. Each connection serves one request. */
        OFF
    }

    /** Replaces blank values of these six settings with {@code null}. */
    public S3Settings {
        region = SettingChecks.blankToNull(region);
        accessKey = SettingChecks.blankToNull(accessKey);
        secretKey = SettingChecks.blankToNull(secretKey);
        sslBundle = SettingChecks.blankToNull(sslBundle);
        proxyUsername = SettingChecks.blankToNull(proxyUsername);
        proxyPassword = SettingChecks.blankToNull(proxyPassword);
    }

    @AssertTrue(message = "endpoint and public-endpoint must be http or https addresses with a host")
    public boolean isHttp() {
        return (endpoint == null || SettingChecks.isHttp(endpoint))
                && (publicEndpoint == null || SettingChecks.isHttp(publicEndpoint));
    }

    @AssertTrue(message = "proxy must be an http address with a port and without a user, such as"
            + " http://proxy.example.com:3128, and set if proxy-username is set")
    public boolean isProxyUsable() {
        return proxy == null ? proxyUsername == null : "http".equals(proxy.getScheme()) && proxy.getHost() != null
                && proxy.getPort() >= 0 && proxy.getUserInfo() == null;
    }

    @AssertTrue(message = "set both access-key and secret-key or neither, and proxy-username and proxy-password alike")
    public boolean isPairwise() {
        return (accessKey == null) == (secretKey == null) && (proxyUsername == null) == (proxyPassword == null);
    }

    @AssertTrue(message = "each of required-tags must have a value")
    public boolean isEachTagValued() {
        return requiredTags.values().stream().noneMatch(String::isBlank);
    }

    /**
     * Returns the settings of a branch. A branch inherits {@code accessKey} and {@code secretKey} only together, and
     * likewise the three proxy settings. A branch with its own endpoint does not inherit {@code publicEndpoint}.
     *
     * @param its the settings of the branch itself; {@code null} if the branch overrides no setting
     */
    public S3Settings of(String branch, S3Settings its) {
        Assert.noNullElements(Arrays.asList(pathStyleAccess, maxConnections, connectTimeout, readTimeout, maxAttempts,
                verifyResponses, circuitOpenTime, requiredTagsCache),
                () -> "Branch " + branch + " inherits a setting of filestream.s3 that is blank, and has a default");
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
                or(its.verifyResponses, verifyResponses), or(its.circuitOpenTime, circuitOpenTime),
                its.requiredTags.isEmpty() ? requiredTags : its.requiredTags,
                its.requiredTagsPending.isEmpty() ? requiredTagsPending : its.requiredTagsPending,
                or(its.requiredTagsCache, requiredTagsCache), or(its.ownerMetadata, ownerMetadata));
    }

    private static <T> T or(T own, T shared) {
        return own == null ? shared : own;
    }
}
