package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.apache.camel.util.IOHelper;
import org.apache.camel.util.function.ThrowingSupplier;
import org.apache.http.HttpHeaders;
import org.apache.http.impl.client.HttpClientBuilder;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.s3.Deadlines.Deadline;
import org.ccmessaging.filestream.storage.s3.ObjectGet.ObjectResponse;
import org.ccmessaging.filestream.storage.s3.StoreCircuit.Origin;
import org.springframework.boot.ssl.SslBundles;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenResponse;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.RetryToken;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * The client of one store. This class signs and sends the GETs of objects and their tags (decision 0006). The SDK
 * determines credentials and endpoints, makes links, and sends all other requests. The SDK has separate connections, so
 * health reports the store as up even if downloads use all connections of this class.
 */
final class S3Store implements AutoCloseable {

    static final String UNKNOWN_HOST = "unknown host ";

    private final S3Settings settings;
    private final Deadlines deadlines;
    private final ResponseVerification verification;
    private final StoreCircuit circuit;
    private final StoreConnections connections;
    final StoreHttpClient http;
    /** {@code null} if the settings require no tags. */
    private final RequiredTags requiredTags;
    /** Separate connections prevent a deadlock: a download that waits for tags holds one of {@link #connections}. */
    private final StoreConnections tagsConnections;
    /** Does not verify nonces, because the store sends no nonce with tags. */
    private final StoreHttpClient tagsHttp;
    private final RetryStrategy retries;
    private final AwsCredentialsProvider credentials;
    private final S3Client sdk;
    private final Map<String, BucketEndpoint> buckets = new ConcurrentHashMap<>();
    private final S3Presigner presigner;
    private final S3Presigner publicPresigner;

    /**
     * @param branches the names of the branches of this store, separated by commas
     * @param sdkInMemory responds to the requests of the SDK in place of the store; {@code null} for a real store
     */
    S3Store(S3Settings settings, String branches, SslBundles bundles, Deadlines deadlines, MeterRegistry meters,
            boolean links, Supplier<HttpClientBuilder> clients, SdkHttpClient sdkInMemory) {
        this.settings = settings;
        this.deadlines = deadlines;
        Tags store = Tags.of("branches", branches);
        this.verification = new ResponseVerification(settings.verifyResponses(), meters, store, links);
        this.circuit = new StoreCircuit(deadlines, settings.circuitOpenTime(), branches, meters);
        StoreTls tls = new StoreTls(settings.sslBundle(), bundles);
        this.connections = new StoreConnections(clients.get(), settings, tls, deadlines);
        connections.registerMeters(meters, store);
        this.http = new StoreHttpClient(circuit, connections, verification);
        Gauge.builder("filestream.s3.requests.pending", http.permits(), Semaphore::getQueueLength).tags(store)
                .description("Requests that wait until fewer wait for the store's response").register(meters);
        this.requiredTags = settings.requiredTags().isEmpty() ? null : new RequiredTags(settings);
        this.tagsConnections = requiredTags == null ? null
                : new StoreConnections(clients.get(), settings, tls, deadlines);
        this.tagsHttp = new StoreHttpClient(circuit, tagsConnections,
                new ResponseVerification(S3Settings.VerifyResponses.OFF, meters, store, false));
        // StoreCircuit replaces the circuit breaker of the SDK.
        this.retries = AwsRetryStrategy.legacyRetryStrategy().toBuilder().maxAttempts(settings.maxAttempts())
                .circuitBreakerEnabled(false).build();
        this.credentials = credentials(settings);
        this.sdk = sdk(settings, tls, sdkInMemory);
        this.presigner = presigner(settings.endpoint());
        this.publicPresigner = settings.publicEndpoint() == null ? presigner : presigner(settings.publicEndpoint());
    }

    private S3Client sdk(S3Settings settings, StoreTls tls, SdkHttpClient inMemory) {
        S3ClientBuilder builder = S3Client.builder().forcePathStyle(settings.pathStyleAccess())
                .overrideConfiguration(override -> override.addExecutionInterceptor(new SdkResponses())
                        .retryStrategy(retries))
                .region(region(settings)).credentialsProvider(credentials).endpointOverride(settings.endpoint());
        return (inMemory != null ? builder.httpClient(inMemory) : builder.httpClientBuilder(ApacheHttpClient.builder()
                .connectionTimeout(settings.connectTimeout()).socketTimeout(settings.readTimeout())
                .proxyConfiguration(StoreConnections.proxy(settings))
                .socketFactory(tls.sockets(Socket::new)))).build();
    }

    private S3Presigner presigner(URI endpoint) {
        return S3Presigner.builder().region(sdk.serviceClientConfiguration().region())
                .credentialsProvider(credentials).endpointOverride(endpoint).serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(settings.pathStyleAccess()).build()).build();
    }

    private static AwsCredentialsProvider credentials(S3Settings settings) {
        return settings.accessKey() == null ? DefaultCredentialsProvider.builder().build()
                : StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(settings.accessKey(), settings.secretKey().reveal()));
    }

    /**
     * Removes header {@code Date}, because the SDK would correct its clock with this header. If the clock of this
     * machine is wrong, downloads fail, so health must fail, too.
     */
    private static final class SdkResponses implements ExecutionInterceptor {

        @Override
        public SdkHttpResponse modifyHttpResponse(Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
            return context.httpResponse().toBuilder().removeHeader(HttpHeaders.DATE).build();
        }

        @Override
        public Throwable modifyException(Context.FailedExecution context, ExecutionAttributes attributes) {
            return context.exception() instanceof SdkException failure ? StoreError.named(failure)
                    : context.exception();
        }
    }

    private static Region region(S3Settings settings) {
        if (settings.region() != null) {
            return Region.of(settings.region());
        }
        if (settings.endpoint() != null) {
            // Most stores other than Amazon ignore the region, but the signature needs a region.
            return Region.US_EAST_1;
        }
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion();
        } catch (SdkClientException nowhere) {
            throw new InvalidSettingException("filestream.s3.region", null, "a region, such as eu-central-1, or"
                    + " filestream.s3.endpoint for a store other than Amazon, since the AWS default chain has none");
        }
    }

    /** @throws SdkException if no attempt brings an acceptable response before the deadline */
    ObjectResponse send(GetObjectRequest request, Origin origin, Deadline deadline) {
        return repeated(deadline, () -> http.send(endpoint(request).sign(request, credentials.resolveCredentials(),
                Instant.now(), verification.nonce()), origin));
    }

    Map<String, String> tags(GetObjectRequest version, Origin origin, Deadline deadline) {
        return repeated(deadline, () -> RequiredTags.read(tagsHttp.send(endpoint(version).signTags(version,
                credentials.resolveCredentials(), Instant.now()), origin).body()));
    }

    boolean requiresTags() {
        return requiredTags != null;
    }

    /** Returns {@code null} if the settings require no owner. */
    String ownerMetadata() {
        return settings.ownerMetadata();
    }

    void requireServable(GetObjectRequest request, ObjectResponse response, Origin origin, Deadline deadline) {
        if (requiredTags == null) {
            return;
        }
        try {
            requiredTags.require(request, response, version -> tags(version, origin, deadline));
        } catch (SdkException unreadable) {
            // Omits the cause, because Camel would choose the onException clause of the cause.
            throw new ReadBrokenException("the tags of the object cannot be read: " + StoreFault.text(unreadable));
        }
    }

    private <T> T repeated(Deadline deadline, ThrowingSupplier<T, IOException> request) {
        return deadlines.within(deadline, () -> {
            RetryToken token = null;
            for (int attempt = 1;; attempt++) {
                SdkException failure;
                try {
                    return request.get();
                } catch (IOException broken) {
                    failure = StoreError.of(broken);
                } catch (S3Exception refused) {
                    failure = refused;
                }
                token = awaitRetry(token, failure, attempt);
            }
        });
    }

    private BucketEndpoint endpoint(GetObjectRequest request) {
        return buckets.computeIfAbsent(request.bucket(), name -> BucketEndpoint.of(name, presigner));
    }

    /** @throws SdkException if a retry is pointless or would begin after the deadline, or the thread is interrupted */
    private RetryToken awaitRetry(RetryToken token, SdkException failure, int attempt) {
        try {
            RefreshRetryTokenResponse retry = retries.refreshRetryToken(RefreshRetryTokenRequest.builder()
                    .token(token != null ? token
                            : retries.acquireInitialToken(AcquireInitialTokenRequest.create("GET")).token())
                    .failure(failure).suggestedDelay(Duration.ZERO).build());
            if (retry.delay().toMillis() >= deadlines.millisLeft(Integer.MAX_VALUE)) {
                throw StoreError.named(failure);
            }
            deadlines.pause(retry.delay().toMillis());
            return retry.token();
        } catch (TokenAcquisitionFailedException pointless) {
            throw StoreError.named(failure.toBuilder().numAttempts(attempt).build());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw AbortedException.create("Thread was interrupted", stop);
        }
    }

    /** Returns {@code null} if the store might ignore the query parameter {@code response-content-type}. */
    Secret link(Duration lifetime, GetObjectRequest request) {
        return !allowsLinks() ? null : new Secret(publicPresigner.presignGetObject(presign -> presign
                .signatureDuration(lifetime).getObjectRequest(request)).url().toString());
    }

    S3Client client() {
        return sdk;
    }

    boolean allowsLinks() {
        return verification.allowsLinks();
    }

    Map<String, String> states() {
        return Map.of("circuit", circuit.state(), "responses", verification.state());
    }

    @Override
    public void close() {
        IOHelper.close(connections, tagsConnections);
        // Each of them also closes the credentials.
        presigner.close();
        publicPresigner.close();
        sdk.close();
    }
}
