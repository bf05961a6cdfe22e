package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.ccmessaging.filestream.storage.s3.BucketEndpoint.SignedGet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Compares address and scope of the signature with the request that the SDK would send. */
class BucketEndpointTest {

    private static final AwsCredentialsProvider KEYS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIA1", "secret"));

    private static S3Presigner presigner(String region, URI endpoint, boolean pathStyle) {
        return S3Presigner.builder().region(Region.of(region)).credentialsProvider(KEYS).endpointOverride(endpoint)
                .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(pathStyle).build()).build();
    }

    @ParameterizedTest
    @CsvSource({
        "eu-central-1, , false, files",
        "us-east-1, , false, files",
        "eu-central-1, , true, files",
        "eu-central-1, , false, files.example.com",
        "us-east-1, http://localhost:9000, true, files",
        "us-east-1, https://store.example.com, false, files",
        "us-east-1, https://store.example.com:443/gateway, true, files",
        "eu-west-1, , false, arn:aws:s3:eu-west-1:123456789012:accesspoint/files",
        "eu-west-1, , false, arn:aws:s3-outposts:eu-west-1:123456789012:outpost/op-1/accesspoint/files",
    })
    void requestGoesWhereTheSdkWouldSendIt(String region, URI endpoint, boolean pathStyle, String bucket) {
        SdkHttpRequest bySdk = bySdk(region, endpoint, pathStyle, bucket);

        SignedGet get = BucketEndpoint.of(bucket, presigner(region, endpoint, pathStyle)).sign(
                RequestObject.complete(bucket, "demo/a b.txt").build(), KEYS.resolveCredentials(), Instant.now(),
                "x-1");

        assertThat(get.target().toURI() + get.path().split("\\?")[0]).isEqualTo(bySdk.getUri().toString());
        assertThat(get.path()).endsWith("?response-content-language=x-1");
        assertThat(get.headers().get("host")).isEqualTo(bySdk.getUri().getAuthority());
        assertThat(scope(get.headers().get("authorization")))
                .isEqualTo(scope(bySdk.firstMatchingHeader("Authorization").orElseThrow()));
    }

    private static String scope(String authorization) {
        return authorization.replaceFirst("(.*Credential=AKIA1/)[0-9]{8}(/[^,]*),.*", "$1$2");
    }

    private static SdkHttpRequest bySdk(String region, URI endpoint, boolean pathStyle, String bucket) {
        AtomicReference<SdkHttpRequest> sent = new AtomicReference<>();
        SdkHttpClient recorder = new SdkHttpClient() {
            @Override
            public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
                sent.set(request.httpRequest());
                throw SdkClientException.create("recorded");
            }

            @Override
            public void close() {
            }
        };
        try (S3Client sdk = S3Client.builder().region(Region.of(region)).credentialsProvider(KEYS)
                .endpointOverride(endpoint).forcePathStyle(pathStyle).httpClient(recorder).build()) {
            assertThatExceptionOfType(SdkClientException.class)
                    .isThrownBy(() -> sdk.getObject(get -> get.bucket(bucket).key("demo/a b.txt")));
        }
        return sent.get();
    }

    @ParameterizedTest
    @CsvSource({"files--euc1-az1--x-s3, files--euc1-az1--x-s3 is a directory bucket",
        "arn:aws:s3::123456789012:accesspoint/files.mrap, sigv4a"})
    void bucketThatNeedsAnotherSignatureIsNamed(String bucket, String reason) {
        assertThatExceptionOfType(SdkException.class)
                .isThrownBy(() -> BucketEndpoint.of(bucket, presigner("eu-central-1", null, false)))
                .withMessageContaining(reason);
    }
}
