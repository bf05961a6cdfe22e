package org.ccmessaging.filestream.storage.s3;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.http.HttpHeaders;
import org.apache.http.HttpHost;
import org.springframework.web.util.UriUtils;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * The address of a bucket, and the signature of its requests. The endpoint rules of the SDK determine both. The rules
 * are slow, and no rule depends on the key. So they run only once for each bucket (decision 0006).
 *
 * @param path the part of the path before the key, with a slash at the end
 */
record BucketEndpoint(HttpHost target, String path, RequestSignature signature) {

    /** The query parameter with the nonce. The store copies the nonce to {@code Content-Language} (decision 0012). */
    private static final String NONCE = "response-content-language=";

    private static final String ANY_KEY = "k";

    /** The service name of directory buckets. Requests to such a bucket need the signature of a session. */
    private static final String DIRECTORY_BUCKETS = "s3express";

    /**
     * Makes a link with the SDK, and reads the address, the region and the service from the link.
     *
     * @throws SdkException if the bucket is a directory bucket, or credentials are missing
     */
    static BucketEndpoint of(String bucket, S3Presigner sdk) {
        SdkHttpRequest link = sdk.presignGetObject(presign -> presign.signatureDuration(Duration.ofMinutes(1))
                .getObjectRequest(get -> get.bucket(bucket).key(ANY_KEY))).httpRequest();
        // The credential consists of access key ID, day, region, service and a constant. The ID may contain slashes.
        String[] scope = link.firstMatchingRawQueryParameter("X-Amz-Credential").orElseThrow().split("/");
        String service = scope[scope.length - 2];
        if (service.equals(DIRECTORY_BUCKETS)) {
            throw SdkClientException.create("bucket " + bucket + " is a directory bucket, which is not supported");
        }
        boolean standardPort = SdkHttpUtils.isUsingStandardPort(link.protocol(), link.port());
        String path = link.encodedPath();
        return new BucketEndpoint(new HttpHost(link.host(), standardPort ? -1 : link.port(), link.protocol()),
                path.substring(0, path.length() - ANY_KEY.length()),
                new RequestSignature(scope[scope.length - 3], service));
    }

    /** @param nonce {@code null} if the request has no nonce */
    SignedGet sign(GetObjectRequest get, AwsCredentialsIdentity identity, Instant now, String nonce) {
        SortedMap<String, String> headers = new TreeMap<>();
        if (get.checksumMode() != null) {
            headers.put("x-amz-checksum-mode", get.checksumModeAsString());
        }
        if (get.range() != null) {
            headers.put("range", get.range());
        }
        if (get.ifMatch() != null) {
            headers.put("if-match", get.ifMatch());
        }
        return sign(get.key(), nonce == null ? "" : NONCE + nonce, headers, identity, now, nonce);
    }

    /** Signs a request for the tags of the object, or of the version that {@code get} names. */
    SignedGet signTags(GetObjectRequest get, AwsCredentialsIdentity identity, Instant now) {
        String version = get.versionId() == null ? ""
                : "&versionId=" + UriUtils.encode(get.versionId(), StandardCharsets.UTF_8);
        return sign(get.key(), "tagging=" + version, new TreeMap<>(), identity, now, null);
    }

    private SignedGet sign(String objectKey, String query, SortedMap<String, String> headers,
            AwsCredentialsIdentity identity, Instant now, String nonce) {
        headers.put("host", target.toHostString());
        String key = path + UriUtils.encode(objectKey, StandardCharsets.UTF_8).replace("%2F", "/");
        signature.sign(identity, now, headers, key, query);
        // These headers are not part of the signature, because proxies may change them.
        headers.put(HttpHeaders.ACCEPT_ENCODING, "identity");
        headers.put(HttpHeaders.USER_AGENT, "ccmessaging-filestream");
        return new SignedGet(target, query.isEmpty() ? key : key + '?' + query, headers, nonce);
    }

    /**
     * A GET with its signature.
     *
     * @param path the path and the query
     * @param nonce {@code null} if the request has no nonce
     */
    record SignedGet(HttpHost target, String path, SortedMap<String, String> headers, String nonce) {
    }
}
