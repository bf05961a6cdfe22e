package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.ccmessaging.filestream.storage.s3.BucketEndpoint.SignedGet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Compares address and signature of a request with those of the request that the SDK would send. */
class BucketEndpointTest {

    private static final AwsCredentialsProvider KEYS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIA1", "secret"));

    private static S3Presigner presigner(String region, URI endpoint, boolean pathStyle) {
        return S3Presigner.builder().region(Region.of(region)).credentialsProvider(KEYS).endpointOverride(endpoint)
                .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(pathStyle).build()).build();
    }

    @ParameterizedTest
    @CsvSource({"eu-central-1, , false, files", "us-east-1, , false, files", "eu-central-1, , true, files",
        "eu-central-1, , false, files.example.com", "us-east-1, http://localhost:9000, true, files",
        "us-east-1, https://store.example.com, false, files",
        "us-east-1, https://store.example.com:443/gateway, true, files",
        "eu-west-1, , false, arn:aws:s3:eu-west-1:123456789012:accesspoint/files",
        "eu-west-1, , false, arn:aws:s3-outposts:eu-west-1:123456789012:outpost/op-1/accesspoint/files"})
    void requestGoesWhereTheSdkWouldSendIt(String region, URI endpoint, boolean pathStyle, String bucket) {
        SdkHttpRequest bySdk = bySdk(region, endpoint, pathStyle, bucket, "demo/a b.txt");

        SignedGet get = BucketEndpoint.of(bucket, presigner(region, endpoint, pathStyle))
                .sign(RequestObject.complete(bucket, "demo/a b.txt").build(), KEYS.resolveCredentials(), Instant.now(),
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

    private static SdkHttpRequest bySdk(String region, URI endpoint, boolean pathStyle, String bucket, String key) {
        AtomicReference<SdkHttpRequest> sent = new AtomicReference<>();
        SdkHttpClient recorder = mock();
        when(recorder.prepareRequest(any())).thenAnswer(call -> {
            sent.set(call.getArgument(0, HttpExecuteRequest.class).httpRequest());
            throw SdkClientException.create("recorded");
        });
        try (S3Client sdk = S3Client.builder().region(Region.of(region)).credentialsProvider(KEYS)
                .endpointOverride(endpoint).forcePathStyle(pathStyle).httpClient(recorder).build()) {
            assertThatExceptionOfType(SdkClientException.class)
                    .isThrownBy(() -> sdk.getObject(get -> get.bucket(bucket).key(key)));
        }
        return sent.get();
    }

    @ParameterizedTest
    @CsvSource({"true, https://files.example.com:8443/s3, https://files.example.com:8443/s3/standard/demo/a.txt?",
        "false, https://files.example.com:8443, https://standard.files.example.com:8443/demo/a.txt?"})
    void linkHasThePublicAddressAndItsBucketInThePathOrInFrontOfTheHost(boolean pathStyle, String address,
            String link) {
        try (S3Store store = ObjectGets.store(URI.create("http://localhost:9000"), Map.of(
                "public-endpoint", address, "path-style-access", pathStyle, "region", "ap-southeast-1"))) {
            assertThat(store.link(Duration.ofHours(1), RequestObject.complete("standard", "demo/a.txt").build())
                    .reveal()).startsWith(link).contains("%2Fap-southeast-1%2Fs3%2F");
        }
    }

    @ParameterizedTest
    @CsvSource({"files--euc1-az1--x-s3, files--euc1-az1--x-s3 is a directory bucket",
        "arn:aws:s3::123456789012:accesspoint/files.mrap, sigv4a"})
    void bucketThatNeedsAnotherSignatureIsNamed(String bucket, String reason) {
        assertThatExceptionOfType(SdkException.class)
                .isThrownBy(() -> BucketEndpoint.of(bucket, presigner("eu-central-1", null, false)))
                .withMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({"2026-11-28T00:00:00Z, /bucket/demo/file-4096, '', AKIA1, secret, , x-amz-checksum-mode=ENABLED",
        "2026-11-28T23:59:59Z, /bucket/a%20b/%C3%A4%2B%3D%7E.pdf, '', AKIA1, secret, , x-amz-checksum-mode=ENABLED",
        "2026-11-29T00:00:00Z, /bucket/a//b/../c, '', AKIA1, secret, , x-amz-checksum-mode=ENABLED",
        "2026-11-29T00:00:01Z, /demo/file, response-content-language=0a1b, AKIA1, other, , range=bytes=7-",
        "2026-11-29T00:00:01Z, /demo/file, tagging=, AKIA1, other, , x-any=1",
        "2026-11-29T00:00:01Z, /demo/file, tagging=&versionId=a%2Fb, AKIA1, other, , x-any=1",
        "2026-11-29T00:00:02Z, /demo/file, response-content-language=0a1b, AKIA2, secret, token/+=, if-match=\"a\""})
    void signatureIsThatOfTheSdk(Instant now, String path, String query, String accessKey, String secret,
            String token, String header) {
        AwsCredentialsIdentity identity = token == null ? AwsCredentialsIdentity.create(accessKey, secret)
                : AwsSessionCredentialsIdentity.create(accessKey, secret, token);
        String[] named = header.split("=", 2);
        SortedMap<String, String> headers = new TreeMap<>(Map.of("host", "store.example.com:9000", named[0], named[1]));

        new RequestSignature("eu-central-1", "s3").sign(identity, now, headers, path, query);

        assertThat(headers).isEqualTo(signedBySdk(identity, now, path, query, named));
    }

    private static Map<String, String> signedBySdk(AwsCredentialsIdentity identity, Instant now, String path,
            String query, String... header) {
        SdkHttpRequest.Builder request = SdkHttpRequest.builder().method(SdkHttpMethod.GET)
                .uri(URI.create("http://store.example.com:9000")).encodedPath(path).putHeader(header[0], header[1]);
        Stream.of(query.split("&")).filter(each -> !each.isEmpty()).map(each -> each.split("=", 2)).forEach(
                each -> request.putRawQueryParameter(each[0], URLDecoder.decode(each[1], StandardCharsets.UTF_8)));
        Map<String, String> headers = new TreeMap<>();
        AwsV4HttpSigner.create().sign(sign -> sign.identity(identity).request(request.build())
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-central-1")
                .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC))).request()
                .forEachHeader((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        return headers;
    }
}
