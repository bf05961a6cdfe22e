package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** Compares each signature with the one that the SDK makes at the same moment. */
class RequestSignatureTest {

    private static final RequestSignature SIGNATURE = new RequestSignature("eu-central-1", "s3");

    @ParameterizedTest
    @CsvSource({
        "2026-11-28T00:00:00Z, /bucket/demo/file-4096, '', AKIA1, secret, , x-amz-checksum-mode=ENABLED",
        "2026-11-28T23:59:59Z, /bucket/a%20b/%C3%A4%2B%3D%7E.pdf, '', AKIA1, secret, , x-amz-checksum-mode=ENABLED",
        "2026-11-29T00:00:00Z, /bucket/a//b/../c, '', AKIA1, secret, , x-amz-checksum-mode=ENABLED",
        "2026-11-29T00:00:01Z, /demo/file, response-content-language=0a1b, AKIA1, other, , range=bytes=7-",
        "2026-11-29T00:00:01Z, /demo/file, tagging=, AKIA1, other, , x-any=1",
        "2026-11-29T00:00:01Z, /demo/file, tagging=&versionId=a%2Fb, AKIA1, other, , x-any=1",
        "2026-11-29T00:00:02Z, /demo/file, response-content-language=0a1b, AKIA2, secret, token/+=, if-match=\"a\"",
    })
    void signatureIsThatOfTheSdk(Instant now, String path, String query, String accessKey, String secret,
            String token, String header) {
        AwsCredentialsIdentity identity = token == null ? AwsCredentialsIdentity.create(accessKey, secret)
                : AwsSessionCredentialsIdentity.create(accessKey, secret, token);
        String[] named = header.split("=", 2);
        SortedMap<String, String> headers = new TreeMap<>(Map.of("host", "store.example.com:9000", named[0], named[1]));

        SIGNATURE.sign(identity, now, headers, path, query);

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
