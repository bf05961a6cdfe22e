package org.ccmessaging.bench;

import java.net.URI;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** What a good engineer would write without a route engine: one controller, the AWS SDK, Tomcat. */
@SpringBootApplication
public class HandWritten {

    public static void main(String[] arguments) {
        SpringApplication.run(HandWritten.class, arguments);
    }

    @Bean
    S3Client s3Client(@Value("${filestream.s3.endpoint}") URI endpoint,
            @Value("${filestream.s3.access-key}") String accessKey,
            @Value("${filestream.s3.secret-key}") String secretKey,
            @Value("${filestream.s3.max-connections}") int maxConnections) {
        return S3Client.builder()
                .httpClientBuilder(ApacheHttpClient.builder()
                        .maxConnections(maxConnections)
                        .connectionTimeout(Duration.ofSeconds(2))
                        .socketTimeout(Duration.ofSeconds(10)))
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(accessKey, secretKey)))
                .build();
    }
}
