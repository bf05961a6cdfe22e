package org.ccmessaging.filestream.storage.s3;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.ccmessaging.filestream.storage.s3.ObjectGet.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.util.UriUtils;
import software.amazon.awssdk.awscore.endpoints.AwsEndpointAttribute;
import software.amazon.awssdk.awscore.endpoints.authscheme.EndpointAuthScheme;
import software.amazon.awssdk.awscore.endpoints.authscheme.SigV4AuthScheme;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.endpoints.Endpoint;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.HttpStatusCode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.endpoints.S3EndpointParams;
import software.amazon.awssdk.services.s3.endpoints.S3EndpointProvider;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Sends a GET for a complete object once, without most of the SDK (decision 0006). The SDK would resolve the same
 * endpoint rules twice and run all its interceptors for each request. The endpoint still comes from the SDK.
 *
 * <p>Only a response with status 200 is used. Any other result, such as an error, a redirect or a broken connection,
 * becomes the result of the first attempt of the SDK. The SDK then makes the exception, or repeats the request if that
 * may help. So {@code filestream.s3.max-attempts} counts every request to the store. The SDK sends the first request
 * for a bucket, and any request for the rest of an object.
 */
final class SingleAttemptGets implements SdkHttpClient {

    private static final Logger LOG = LoggerFactory.getLogger(SingleAttemptGets.class);

    /** Leaves the body to the reader. */
    private static final ResponseTransformer<GetObjectResponse, Response> OPENED =
            ResponseTransformer.unmanaged(Response::new);

    private final SdkHttpClient http;
    private final StoreClock clock;
    private final S3Client sdk;
    private final IdentityProvider<? extends AwsCredentialsIdentity> credentials;
    private final S3EndpointProvider rules = S3EndpointProvider.defaultProvider();
    private final Map<String, BucketEndpoint> buckets = new ConcurrentHashMap<>();

    /** By thread, because the synchronous client of the SDK sends in the thread of its caller. */
    private final ThreadLocal<ExecutableHttpRequest> firstAttempt = new ThreadLocal<>();

    /** @param sdk makes a client that has no HTTP client yet */
    SingleAttemptGets(SdkHttpClient http, StoreClock clock, S3ClientBuilder sdk) {
        this.http = http;
        this.clock = clock;
        this.sdk = sdk.httpClient(this).endpointProvider(this::resolve).build();
        this.credentials = this.sdk.serviceClientConfiguration().credentialsProvider();
    }

    S3Client sdk() {
        return sdk;
    }

    /** @param nonce its {@code response-content-language}; {@code null} for none */
    Response send(GetObjectRequest request, String nonce) {
        boolean complete = request.range() == null && request.ifMatch() == null;
        BucketEndpoint bucket = complete ? buckets.get(request.bucket()) : null;
        HttpExecuteResponse response = bucket == null ? null : attempt(bucket, request.key(), nonce);
        if (response != null) {
            return new Response(head(response.httpResponse()),
                    response.responseBody().orElseGet(AbortableInputStream::createEmpty));
        }
        try {
            return sdk.getObject(request.toBuilder().responseContentLanguage(nonce).build(), OPENED);
        } finally {
            ExecutableHttpRequest left = firstAttempt.get();
            if (left != null) {
                firstAttempt.remove();
                left.abort();
            }
        }
    }

    /** Sends the request once. Returns {@code null} if that failed; the SDK then gets the result. */
    private HttpExecuteResponse attempt(BucketEndpoint bucket, String key, String nonce) {
        try {
            HttpExecuteResponse response = http.prepareRequest(HttpExecuteRequest.builder()
                    .request(bucket.get(credentials.resolveIdentity().join(), clock.now(), key, nonce)).build()).call();
            if (response.httpResponse().statusCode() == HttpStatusCode.OK) {
                return response;
            }
            firstAttempt.set(new Replayed(clock.learnFrom(response), null));
        } catch (IOException failure) {
            firstAttempt.set(new Replayed(null, failure));
        } catch (SdkClientException pointless) {
            // The deadline has passed, or the circuit to the store is open.
            throw pointless;
        } catch (RuntimeException unsent) {
            LOG.debug("The SDK sends the request", unsent);
        }
        return null;
    }

    private static GetObjectResponse head(SdkHttpResponse http) {
        GetObjectResponse.Builder response = GetObjectResponse.builder()
                .contentLength(http.firstMatchingHeader("Content-Length").map(Long::valueOf).orElse(null))
                .eTag(http.firstMatchingHeader("ETag").orElse(null))
                .checksumCRC32(http.firstMatchingHeader("x-amz-checksum-crc32").orElse(null))
                .checksumCRC32C(http.firstMatchingHeader("x-amz-checksum-crc32c").orElse(null))
                .checksumSHA1(http.firstMatchingHeader("x-amz-checksum-sha1").orElse(null))
                .checksumSHA256(http.firstMatchingHeader("x-amz-checksum-sha256").orElse(null));
        return (GetObjectResponse) response.sdkHttpResponse(http).build();
    }

    /** Resolves an endpoint by the rules of the SDK, and caches it by bucket: no rule depends on the key. */
    private CompletableFuture<Endpoint> resolve(S3EndpointParams request) {
        return rules.resolveEndpoint(request).thenApply(endpoint -> {
            List<EndpointAuthScheme> schemes = endpoint.attribute(AwsEndpointAttribute.AUTH_SCHEMES);
            // Other schemes, such as that of directory buckets, need more than one signature.
            if (request.bucket() != null && endpoint.headers().isEmpty() && schemes != null && schemes.size() == 1
                    && schemes.get(0) instanceof SigV4AuthScheme scheme && scheme.name().equals("sigv4")) {
                buckets.put(request.bucket(), BucketEndpoint.of(endpoint.url(), scheme));
            }
            return endpoint;
        });
    }

    /** Sends a request of the SDK. Its first attempt gets the result of the single attempt, if it failed. */
    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest first = firstAttempt.get();
        if (first != null) {
            firstAttempt.remove();
            return first;
        }
        ExecutableHttpRequest prepared = http.prepareRequest(request);
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                return clock.learnFrom(prepared.call());
            }

            @Override
            public void abort() {
                prepared.abort();
            }
        };
    }

    /** Closes the client of the SDK, and the HTTP client, which the SDK does not close. */
    @Override
    public void close() {
        sdk.close();
        http.close();
    }

    /** @param host the header {@code Host}: without the standard port of the protocol */
    private record BucketEndpoint(URI url, String host, RequestSignature signature) {

        private static final String NONCE = "response-content-language";

        static BucketEndpoint of(URI url, SigV4AuthScheme scheme) {
            return new BucketEndpoint(url, SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(url).build().getUri()
                    .getRawAuthority(), new RequestSignature(scheme.signingRegion(), scheme.signingName()));
        }

        SdkHttpRequest get(AwsCredentialsIdentity identity, Instant now, String key, String nonce) {
            String path = url.getRawPath() + "/" + UriUtils.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
            SdkHttpRequest.Builder request = SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(url)
                    .encodedPath(path).putHeader("Host", host).putHeader("User-Agent", "ccmessaging-filestream");
            if (nonce != null) {
                request.putRawQueryParameter(NONCE, nonce);
            }
            String query = nonce == null ? "" : NONCE + "=" + nonce;
            signature.sign(identity, now, host, path, query).forEach(request::putHeader);
            return request.build();
        }
    }

    private record Replayed(HttpExecuteResponse response, IOException failure) implements ExecutableHttpRequest {

        @Override
        public HttpExecuteResponse call() throws IOException {
            if (failure != null) {
                throw failure;
            }
            return response;
        }

        @Override
        public void abort() {
            if (response != null) {
                response.responseBody().ifPresent(AbortableInputStream::abort);
            }
        }
    }
}
