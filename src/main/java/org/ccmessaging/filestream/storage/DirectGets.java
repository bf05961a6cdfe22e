package org.ccmessaging.filestream.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.util.UriUtils;
import software.amazon.awssdk.awscore.endpoints.AwsEndpointAttribute;
import software.amazon.awssdk.awscore.endpoints.authscheme.EndpointAuthScheme;
import software.amazon.awssdk.awscore.endpoints.authscheme.SigV4AuthScheme;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.core.sync.ResponseTransformer.TransformerType;
import software.amazon.awssdk.endpoints.Endpoint;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.endpoints.S3EndpointParams;
import software.amazon.awssdk.services.s3.endpoints.S3EndpointProvider;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * An S3 client that asks for whole objects without the SDK's general machinery, which resolves the same endpoint rules
 * twice, and runs all interceptors, for each request: more work than all the rest of such a request
 * (bench/results). What is left is the SDK's as well: its endpoint, its signature, its HTTP client and connections.
 *
 * <p>Only what succeeds is done so. The first request for a bucket, one with any other parameter, and one that is not
 * answered with 200 - no such object, a redirect, credentials that have expired, a connection that broke - goes to the
 * SDK, which repeats what can be repeated and says what an error means. So an error costs a second request.
 */
final class DirectGets extends DelegatingS3Client {

    private static final Logger LOG = LoggerFactory.getLogger(DirectGets.class);
    private static final String USER_AGENT = "ccmessaging-filestream";

    private final SdkHttpClient http;
    private final Endpoints endpoints;
    private final IdentityProvider<? extends AwsCredentialsIdentity> credentials;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final UnreadObjects unread;

    /**
     * @param sdk has these endpoints as its own
     * @param http what {@code sdk} sends by
     * @param unread is told of each object, and asked to give up forgotten ones
     */
    DirectGets(S3Client sdk, SdkHttpClient http, Endpoints endpoints, UnreadObjects unread) {
        super(sdk);
        this.http = http;
        this.endpoints = endpoints;
        this.unread = unread;
        this.credentials = sdk.serviceClientConfiguration().credentialsProvider();
    }

    @Override
    @SuppressWarnings("unchecked") // STREAM is the name of transformers to a ResponseInputStream.
    public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        HttpExecuteResponse answer = transformer.name().equals(TransformerType.STREAM.getName())
                && isWholeObject(request) ? ask(request) : null;
        if (answer == null) {
            return super.getObject(request, transformer);
        }
        AbortableInputStream content = answer.responseBody().orElseGet(AbortableInputStream::createEmpty);
        try {
            // Not the transformer's, which has a timer of its own.
            return (T) new ResponseInputStream<>(response(answer.httpResponse()), unread.watch(content), Duration.ZERO);
        } catch (RuntimeException failure) {
            content.abort();
            throw SdkClientException.create("The response could not be read", failure);
        }
    }

    /** Whether it is no other request than {@link S3ObjectRequest} makes. */
    private static boolean isWholeObject(GetObjectRequest request) {
        return S3ObjectRequest.whole(request.bucket(), request.key()).equals(request);
    }

    /** The answer with the object, or {@code null}. */
    private HttpExecuteResponse ask(GetObjectRequest request) {
        Place bucket = endpoints.known.get(request.bucket());
        if (bucket == null) {
            return null;
        }
        unread.giveUpForgotten();
        try {
            HttpExecuteResponse answer = http.prepareRequest(HttpExecuteRequest.builder()
                    .request(sign(bucket.get(request.key()), bucket)).build()).call();
            if (answer.httpResponse().statusCode() == 200) {
                return answer;
            }
            // Which reads it to its end, so that its connection is there for the SDK's request.
            answer.responseBody().orElseGet(AbortableInputStream::createEmpty).close();
        } catch (IOException | RuntimeException failure) {
            LOG.debug("Left to the SDK", failure);
        }
        return null;
    }

    private SdkHttpRequest sign(SdkHttpRequest request, Place bucket) {
        AwsCredentialsIdentity identity = credentials.resolveIdentity().join();
        return signer.sign(sign -> sign.identity(identity).request(request)
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, bucket.scheme.signingName())
                .putProperty(AwsV4HttpSigner.REGION_NAME, bucket.scheme.signingRegion())
                // S3 signs paths as they are sent, and an empty body of a GET not at all.
                .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false)).request();
    }

    private static GetObjectResponse response(SdkHttpResponse http) {
        GetObjectResponse.Builder response = GetObjectResponse.builder()
                .contentLength(http.firstMatchingHeader("Content-Length").map(Long::valueOf).orElse(null))
                .eTag(http.firstMatchingHeader("ETag").orElse(null))
                .checksumCRC32(http.firstMatchingHeader("x-amz-checksum-crc32").orElse(null))
                .checksumCRC32C(http.firstMatchingHeader("x-amz-checksum-crc32c").orElse(null))
                .checksumSHA1(http.firstMatchingHeader("x-amz-checksum-sha1").orElse(null))
                .checksumSHA256(http.firstMatchingHeader("x-amz-checksum-sha256").orElse(null));
        return (GetObjectResponse) response.sdkHttpResponse(http).build();
    }

    /** Where the objects of a bucket are, and how requests for them are signed. */
    private record Place(Endpoint endpoint, SigV4AuthScheme scheme) {

        SdkHttpRequest get(String key) {
            String path = UriUtils.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
            SdkHttpRequest.Builder request = SdkHttpRequest.builder().method(SdkHttpMethod.GET)
                    .uri(endpoint.url())
                    .putHeader("User-Agent", USER_AGENT)
                    .putHeader("x-amz-checksum-mode", "ENABLED");
            return request.encodedPath(request.encodedPath() + "/" + path).build();
        }
    }

    /** The SDK's endpoint rules, with their outcomes written down: nothing in them depends on the key. */
    static final class Endpoints implements S3EndpointProvider {

        private final S3EndpointProvider rules = S3EndpointProvider.defaultProvider();
        private final Map<String, Place> known = new ConcurrentHashMap<>();

        @Override
        public CompletableFuture<Endpoint> resolveEndpoint(S3EndpointParams request) {
            return rules.resolveEndpoint(request).thenApply(endpoint -> {
                List<EndpointAuthScheme> schemes = endpoint.attribute(AwsEndpointAttribute.AUTH_SCHEMES);
                // Others, such as that of directory buckets, need more than one signature.
                if (request.bucket() != null && endpoint.headers().isEmpty() && schemes != null && schemes.size() == 1
                        && schemes.get(0) instanceof SigV4AuthScheme scheme && scheme.name().equals("sigv4")) {
                    known.put(request.bucket(), new Place(endpoint, scheme));
                }
                return endpoint;
            });
        }
    }
}
