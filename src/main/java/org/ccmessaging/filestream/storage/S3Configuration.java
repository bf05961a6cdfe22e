package org.ccmessaging.filestream.storage;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** The client that {@code read-s3} and the health check share; its pool and time limits are ours, not the SDK's. */
@Configuration(proxyBeanMethods = false)
class S3Configuration {

    /** How long a download waits for a free connection before the store counts as unreachable. */
    private static final Duration WAIT_FOR_CONNECTION = Duration.ofSeconds(5);

    @Bean
    @Lazy
    SdkHttpClient s3HttpClient(S3Settings settings, MeterRegistry meters) {
        SdkHttpClient client = ApacheHttpClient.builder()
                .maxConnections(settings.maxConnections())
                .connectionAcquisitionTimeout(WAIT_FOR_CONNECTION)
                .connectionTimeout(settings.connectTimeout())
                .socketTimeout(settings.readTimeout())
                .build();
        S3PoolMeters.bind(client, meters);
        return settings.adaptiveConcurrency()
                ? new PacedHttpClient(client, new ConcurrencyLimit(Runtime.getRuntime().availableProcessors(),
                        settings.maxConnections(), System::nanoTime), meters)
                : client;
    }

    /** Lazy: a service without an S3 branch needs no region, no credentials and no client. */
    @Bean
    @Lazy
    S3Client s3Client(S3Settings settings, SdkHttpClient httpClient) {
        DirectGets.Endpoints endpoints = new DirectGets.Endpoints();
        S3ClientBuilder builder = S3Client.builder()
                .httpClient(httpClient)
                .endpointProvider(endpoints)
                // Left to requests that ask for it: a range with its checksum is answered with 200 by Amazon, and not
                // with 206 (aws-sdk-java-v2 issue 1209), as by a store that takes no notice of the range.
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
        return new DirectGets(builder.build(), httpClient, endpoints, new UnreadObjects(System::nanoTime));
    }

    private static Region region(S3Settings settings) {
        if (settings.region() != null) {
            return Region.of(settings.region());
        }
        if (settings.endpoint() != null) {
            // Stores other than Amazon's mostly do not care, but the signature needs some region.
            return Region.US_EAST_1;
        }
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion();
        } catch (SdkClientException nowhere) {
            throw new InvalidSettingException("filestream.s3.region", null, "a region, such as eu-central-1, or"
                    + " filestream.s3.endpoint for a store of your own, since the AWS default chain names no region");
        }
    }
}
