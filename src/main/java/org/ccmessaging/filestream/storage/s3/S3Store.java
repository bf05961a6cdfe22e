package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.s3.Deadlines.Deadline;
import org.ccmessaging.filestream.storage.s3.ObjectGet.Response;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.util.function.SingletonSupplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.S3ServiceClientConfiguration;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** One store, with its own connections, and circuit. The constructor builds the stack of clients. */
final class S3Store implements AutoCloseable {

    static final String UNKNOWN_HOST = "unknown host ";
    static final String NO_CREDENTIALS = "no credentials: the settings and the AWS default credentials chain have none";

    private final Deadlines deadlines;
    private final ResponseVerification verification;
    private final StoreCircuit circuit;
    private final StoreClock clock;
    private final SingleAttemptGets gets;
    /** Made with the first link, since most installations have none. */
    private final Supplier<S3Presigner> presigner;

    /**
     * @param branches the names of its branches, separated by commas
     * @param verifiedLinks whether files have a link only if the store applies {@code response-*}
     * @param inMemory responds in place of the store; {@code null} for a real store
     */
    S3Store(S3Settings settings, String branches, SslBundles bundles, Deadlines deadlines, MeterRegistry meters,
            boolean verifiedLinks, SdkHttpClient inMemory) {
        this.deadlines = deadlines;
        Tags store = Tags.of("branches", branches);
        this.verification = new ResponseVerification(settings.verifyResponses(), meters, store,
                verifiedLinks && inMemory == null);
        this.circuit = new StoreCircuit(deadlines, settings.circuitOpenTime(), branches, meters,
                System::nanoTime);
        SdkHttpClient http = inMemory;
        if (http == null) {
            StoreHttpClient connections = new StoreHttpClient(
                    settings, trusted(settings.sslBundle(), bundles), deadlines, verification, circuit);
            connections.registerMeters(meters, store);
            http = connections;
        }
        this.clock = new StoreClock(branches, meters);
        this.gets = new SingleAttemptGets(http, clock, sdk(settings));
        this.presigner = SingletonSupplier.of(() -> presigner(settings));
    }

    private S3Presigner presigner(S3Settings settings) {
        S3ServiceClientConfiguration signing = client().serviceClientConfiguration();
        return S3Presigner.builder().region(signing.region()).credentialsProvider(signing.credentialsProvider())
                .endpointOverride(settings.publicEndpoint() == null ? settings.endpoint() : settings.publicEndpoint())
                .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(settings.pathStyleAccess()).build()).build();
    }

    private static AwsCredentialsProvider credentials(S3Settings settings) {
        return settings.accessKey() == null ? inOneLine(DefaultCredentialsProvider.builder().build())
                : StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(settings.accessKey(), settings.secretKey().reveal()));
    }

    /** The chain's own message names all its providers with their reasons, which the chain logs at level DEBUG too. */
    static AwsCredentialsProvider inOneLine(AwsCredentialsProvider chain) {
        return () -> {
            try {
                return chain.resolveCredentials();
            } catch (SdkClientException missing) {
                throw SdkClientException.create(NO_CREDENTIALS, missing);
            }
        };
    }

    /** When the bundle reloads, the next handshake uses its new authorities. Without a bundle, Java's are used. */
    static Supplier<SSLSocketFactory> trusted(String bundle, SslBundles bundles) {
        if (bundle == null) {
            return () -> (SSLSocketFactory) SSLSocketFactory.getDefault();
        }
        AtomicReference<SSLSocketFactory> newest = new AtomicReference<>(trusting(bundles.getBundle(bundle)));
        bundles.addBundleUpdateHandler(bundle, reloaded -> newest.set(trusting(reloaded)));
        return newest::get;
    }

    private static SSLSocketFactory trusting(SslBundle bundle) {
        return SslManagerBundle.from(bundle.getManagers().getTrustManagers()).createSslContext("TLS")
                .getSocketFactory();
    }

    private static S3ClientBuilder sdk(S3Settings settings) {
        return S3Client.builder()
                // Only where a request asks for checksums. Amazon responds with 200 instead of 206 to a range with
                // checksum (aws-sdk-java-v2 issue 1209), and so does a store that ignores the range.
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .forcePathStyle(settings.pathStyleAccess())
                .overrideConfiguration(override -> override.addExecutionInterceptor(new NamedErrors())
                        .retryStrategy(retry -> retry.maxAttempts(settings.maxAttempts())))
                .region(region(settings)).credentialsProvider(credentials(settings))
                .endpointOverride(settings.endpoint());
    }

    /** Begins messages with what the store or the network said, for whatever logs or shows the exception. */
    private static final class NamedErrors implements ExecutionInterceptor {

        @Override
        public Throwable modifyException(Context.FailedExecution context, ExecutionAttributes attributes) {
            Throwable failure = context.exception();
            if (failure instanceof S3Exception refused && refused.awsErrorDetails() != null) {
                return refused.toBuilder().message(StoreFault.text(refused)).build();
            }
            // Without its cause: for an unknown host, the SDK would put general advice in place of the name.
            return NestedExceptionUtils.getMostSpecificCause(failure) instanceof UnknownHostException unknown
                    ? SdkClientException.create(UNKNOWN_HOST + unknown.getMessage()) : failure;
        }
    }

    private static Region region(S3Settings settings) {
        if (settings.region() != null) {
            return Region.of(settings.region());
        }
        if (settings.endpoint() != null) {
            // Most other stores ignore the region, but the signature needs one.
            return Region.US_EAST_1;
        }
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion();
        } catch (SdkClientException nowhere) {
            throw new InvalidSettingException("filestream.s3.region", null, "a region, such as eu-central-1, or"
                    + " filestream.s3.endpoint for a store other than Amazon, since the AWS default chain has none");
        }
    }

    /** @throws SdkException if the store refuses, or the client cannot reach it before the deadline */
    Response send(GetObjectRequest request, Deadline deadline) {
        return deadlines.within(deadline, () -> gets.send(request, verification.nonce()));
    }

    /**
     * Returns a link that sends the request, under the address that clients reach ({@code public-endpoint}); {@code
     * null} if the store may send the object with another type than that of the request.
     */
    Secret link(Duration lifetime, GetObjectRequest request) {
        return !allowsLinks() ? null : new Secret(presigner.get().presignGetObject(presign -> presign
                .signatureDuration(lifetime).getObjectRequest(request)).url().toString());
    }

    /** The client for the service's own requests, such as those of the health check. */
    S3Client client() {
        return gets.sdk();
    }

    boolean allowsLinks() {
        return verification.allowsLinks();
    }

    Map<String, String> states() {
        Map<String, String> states = new TreeMap<>(
                Map.of("circuit", circuit.state(), "responses", verification.state()));
        if (clock.difference() != null) {
            states.put("clock", clock.difference());
        }
        return states;
    }

    @Override
    public void close() {
        gets.close();
    }
}
