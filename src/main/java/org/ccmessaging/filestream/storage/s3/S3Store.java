package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.storage.S3Settings;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslManagerBundle;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * One store: its client with a pool, a circuit and a concurrency limit of its own, so that no other store is in it. The
 * constructor builds the stack, from the connections up.
 */
final class S3Store implements AutoCloseable {

    private final ResponseVerification verification;
    private final StoreCircuit circuit;
    private final ConcurrencyLimit limit;
    private final SingleAttemptGets gets;

    /**
     * @param branches the names of the branches whose store it is, separated by commas
     * @param inMemory responds in place of the store; {@code null} for a real store
     */
    S3Store(S3Settings settings, String branches, SslBundles bundles, Deadlines deadlines, MeterRegistry meters,
            SdkHttpClient inMemory) {
        Tags store = Tags.of("branches", branches);
        this.verification = new ResponseVerification(settings.verifyResponses(), meters, store);
        this.circuit = new StoreCircuit(deadlines, settings.circuitOpenTime(), branches, meters, store);
        this.limit = settings.adaptiveConcurrency() ? new ConcurrencyLimit(
                Runtime.getRuntime().availableProcessors(), settings.maxConnections(), System::nanoTime) : null;
        if (limit != null) {
            limit.start(meters, store);
        }
        SdkHttpClient http = inMemory;
        if (http == null) {
            StoreHttpClient connections = new StoreHttpClient(
                    settings, trusted(settings.sslBundle(), bundles), deadlines, verification, circuit, limit);
            connections.show(meters, store);
            http = connections;
        }
        this.gets = new SingleAttemptGets(http, sdk(settings));
    }

    /**
     * Makes sockets that believe the authorities of a bundle, or Java's own. When the bundle reloads, the next
     * handshake goes by its new authorities; no client is made again.
     *
     * @param bundle its name; {@code null} for Java's own authorities
     */
    private static Supplier<SSLSocketFactory> trusted(String bundle, SslBundles bundles) {
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
        S3ClientBuilder builder = S3Client.builder()
                // Only requests that ask for checksums get them. Amazon responds with 200 and not with 206 to a range
                // with its checksum (aws-sdk-java-v2 issue 1209), as a store does that ignores the range.
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .forcePathStyle(settings.pathStyleAccess())
                .overrideConfiguration(override -> override
                        .retryStrategy(retry -> retry.maxAttempts(settings.maxAttempts())))
                .region(region(settings));
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint());
        }
        if (settings.accessKey() != null) {
            builder.credentialsProvider(StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(settings.accessKey(), settings.secretKey().reveal())));
        }
        return builder;
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

    /** Sends the request in this thread. Returns what a route gets in place of the response. */
    ResponseInputStream<GetObjectResponse> send(ObjectGet get) {
        return get.responded(gets.send(get.request(), verification.nonce()));
    }

    /** Sends the service's own requests to this store, such as those of the health. */
    S3Client client() {
        return gets.sdk();
    }

    /** What the health says of the circuit: closed, open or half-open. */
    String circuit() {
        return circuit.state();
    }

    /** What the health says of the responses: whether they belong to their requests. */
    String responses() {
        return verification.state();
    }

    /** Closes the connections. */
    @Override
    public void close() {
        gets.close();
        if (limit != null) {
            limit.close();
        }
    }
}
