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
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * The address of a bucket, and the signature of its requests. The endpoint rules of the SDK are slow, and their result
 * does not depend on the object's key. So the rules run once for each bucket (decision 0006).
 *
 * @param path the start of the URL's path, including the slash before the key
 */
record BucketEndpoint(HttpHost target, String path, RequestSignature signature) {

    /** The store copies the value of this query parameter to {@code Content-Language} (decision 0012). */
    private static final String NONCE = "response-content-language=";

    private static final String ANY_KEY = "k";

    /** The service name of directory buckets, whose requests require {@code CreateSession}. */
    private static final String DIRECTORY_BUCKETS = "s3express";

    /** Reads the address, the region and the service from a presigned URL of the SDK. */
    static BucketEndpoint of(String bucket, S3Presigner sdk) {
        SdkHttpRequest link = sdk.presignGetObject(presign -> presign.signatureDuration(Duration.ofMinutes(1))
                .getObjectRequest(get -> get.bucket(bucket).key(ANY_KEY))).httpRequest();
        // The value is <access key ID>/<day>/<region>/<service>/aws4_request. The access key ID may contain slashes.
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
        // The signature excludes the next two headers, because proxies may change them.
        headers.put(HttpHeaders.ACCEPT_ENCODING, "identity");
        headers.put(HttpHeaders.USER_AGENT, "ccmessaging-filestream");
        return new SignedGet(target, query.isEmpty() ? key : key + '?' + query, headers, nonce);
    }

    /** A signed GET. {@code path} includes the query, and {@code nonce} may be {@code null}. */
    record SignedGet(HttpHost target, String path, SortedMap<String, String> headers, String nonce) {
    }
}
