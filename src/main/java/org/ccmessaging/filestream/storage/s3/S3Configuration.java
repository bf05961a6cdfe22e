package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.MeterRegistry;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.storage.s3.client.AbandonedResponses;
import org.ccmessaging.filestream.storage.s3.client.ConcurrencyLimit;
import org.ccmessaging.filestream.storage.s3.client.ConnectionPoolMeters;
import org.ccmessaging.filestream.storage.s3.client.FirstAttempts;
import org.ccmessaging.filestream.storage.s3.client.LimitedHttpClient;
import org.ccmessaging.filestream.storage.s3.client.SingleAttemptGets;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
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

/** Makes the S3 client that the steps and the health check share, with pool and timeouts from the settings. */
@Configuration(proxyBeanMethods = false)
class S3Configuration {

    @Bean
    Deadlines deadlines(DownloadSettings settings) {
        return new Deadlines(settings, System::nanoTime);
    }

    @Bean
    @Lazy
    ResponseVerification responseVerification(S3Settings settings, MeterRegistry meters) {
        return new ResponseVerification(settings.verifyResponses(), meters);
    }

    @Bean
    @Lazy
    StoreHttpClient storeHttpClient(S3Settings settings, Deadlines deadlines, ResponseVerification verification,
            MeterRegistry meters) {
        SdkHttpClient others = ApacheHttpClient.builder()
                .connectionTimeout(settings.connectTimeout())
                .socketTimeout(settings.readTimeout())
                .build();
        StoreHttpClient client = new StoreHttpClient(settings, ProxyConfiguration.builder().build(), others, deadlines,
                verification);
        ConnectionPoolMeters.bind(client.pool(), meters);
        return client;
    }

    @Bean
    @Lazy
    CircuitBreakerHttpClient circuitBreaker(
            S3Settings settings, StoreHttpClient store, Deadlines deadlines, MeterRegistry meters) {
        SdkHttpClient client = settings.adaptiveConcurrency()
                ? new LimitedHttpClient(store, new ConcurrencyLimit(Runtime.getRuntime().availableProcessors(),
                        settings.maxConnections(), System::nanoTime), meters)
                : store;
        return new CircuitBreakerHttpClient(client, deadlines, settings.circuitOpenTime(), meters);
    }

    /** Lazy: a service without an S3 branch needs no region, no credentials and no client. */
    @Bean
    @Lazy
    S3Client s3Client(S3Settings settings, CircuitBreakerHttpClient httpClient, Deadlines deadlines,
            ResponseVerification verification) {
        SingleAttemptGets.Endpoints endpoints = new SingleAttemptGets.Endpoints();
        FirstAttempts attempts = new FirstAttempts(httpClient);
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
        return new BoundGets(new SingleAttemptGets(builder.build(), attempts, endpoints,
                new AbandonedResponses(System::nanoTime)), deadlines, verification);
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
}
