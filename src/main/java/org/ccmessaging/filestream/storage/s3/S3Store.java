package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.s3.client.AbandonedResponses;
import org.ccmessaging.filestream.storage.s3.client.ConcurrencyLimit;
import org.ccmessaging.filestream.storage.s3.client.ConnectionPoolMeters;
import org.ccmessaging.filestream.storage.s3.client.FirstAttempts;
import org.ccmessaging.filestream.storage.s3.client.LimitedHttpClient;
import org.ccmessaging.filestream.storage.s3.client.SingleAttemptGets;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.apache.ProxyConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** One store: its client with a pool, a circuit and a concurrency limit of its own, so that no other store is in it. */
final class S3Store implements AutoCloseable {

    private final S3Client client;
    private final ResponseVerification verification;
    private final CircuitBreakerHttpClient circuit;

    /**
     * @param branches the names of the branches whose store it is, separated by commas
     * @param trust whom the client believes to be the store
     * @param inMemory responds in place of the store; {@code null} for a real store
     */
    S3Store(S3Settings settings, String branches, StoreTrust trust, Deadlines deadlines, MeterRegistry meters,
            SdkHttpClient inMemory) {
        Tags store = Tags.of("branches", branches);
        this.verification = new ResponseVerification(settings.verifyResponses(), meters, store);
        SdkHttpClient http = inMemory;
        if (http == null) {
            StoreHttpClient connections = http(settings, trust, deadlines, verification);
            ConnectionPoolMeters.bind(connections.pool(), meters, store);
            http = connections;
        }
        SdkHttpClient limited = settings.adaptiveConcurrency()
                ? new LimitedHttpClient(http, new ConcurrencyLimit(Runtime.getRuntime().availableProcessors(),
                        settings.maxConnections(), System::nanoTime), meters, store)
                : http;
        this.circuit = new CircuitBreakerHttpClient(
                limited, deadlines, settings.circuitOpenTime(), branches, meters, store);
        this.client = client(settings, circuit);
    }

    private static StoreHttpClient http(
            S3Settings settings, StoreTrust trust, Deadlines deadlines, ResponseVerification verification) {
        ProxyConfiguration proxy = proxy(settings);
        ApacheHttpClient.Builder others = ApacheHttpClient.builder()
                .connectionTimeout(settings.connectTimeout())
                .socketTimeout(settings.readTimeout())
                .proxyConfiguration(proxy);
        trust.managers().ifPresent(managers -> others.tlsTrustManagersProvider(() -> managers));
        return new StoreHttpClient(settings, proxy, others.build(), trust.sockets(), deadlines, verification);
    }

    private static ProxyConfiguration proxy(S3Settings settings) {
        ProxyConfiguration.Builder proxy = ProxyConfiguration.builder();
        if (settings.proxy() != null) {
            proxy.endpoint(settings.proxy()).useSystemPropertyValues(false).useEnvironmentVariableValues(false);
        }
        if (settings.proxyUsername() != null) {
            proxy.username(settings.proxyUsername()).password(settings.proxyPassword().reveal());
        }
        return proxy.build();
    }

    private static S3Client client(S3Settings settings, SdkHttpClient http) {
        SingleAttemptGets.Endpoints endpoints = new SingleAttemptGets.Endpoints();
        FirstAttempts attempts = new FirstAttempts(http);
        S3ClientBuilder builder = S3Client.builder()
                .httpClient(attempts)
                .endpointProvider(endpoints)
                // Only requests that ask for checksums get them. Amazon responds with 200 and not with 206 to a range
                // with its checksum (aws-sdk-java-v2 issue 1209), as a store does that ignores the range.
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .forcePathStyle(settings.pathStyleAccess())
                .overrideConfiguration(override -> override
                        .retryStrategy(retry -> retry.maxAttempts(settings.maxAttempts())));
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint());
        }
        builder.region(region(settings));
        if (settings.accessKey() != null) {
            builder.credentialsProvider(StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(settings.accessKey(), settings.secretKey().reveal())));
        }
        return new SingleAttemptGets(
                builder.build(), attempts, endpoints, new AbandonedResponses(System::nanoTime));
    }

    private static Region region(S3Settings settings) {
        if (settings.region() != null) {
            return Region.of(settings.region());
        }
        if (settings.endpoint() != null) {
            // Most stores other than Amazon ignore the region, but the signature needs one.
            return Region.US_EAST_1;
        }
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion();
        } catch (SdkClientException nowhere) {
            throw new InvalidSettingException("filestream.s3.region", null, "a region, such as eu-central-1, or"
                    + " filestream.s3.endpoint for a store of your own, since the AWS default chain names no region");
        }
    }

    /** Sends requests to this store. */
    S3Client client() {
        return client;
    }

    /** Whether responses of this store belong to their requests. */
    ResponseVerification verification() {
        return verification;
    }

    /** Whether GETs go out to this store. */
    CircuitBreakerHttpClient circuit() {
        return circuit;
    }

    /** Closes the connections. The SDK closes no HTTP client that it was given. */
    @Override
    public void close() {
        client.close();
        circuit.close();
    }
}
