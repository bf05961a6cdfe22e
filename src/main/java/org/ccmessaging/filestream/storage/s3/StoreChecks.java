package org.ccmessaging.filestream.storage.s3;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageProbe.Down;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.storage.s3.RouteS3Client.Bucket;
import org.ccmessaging.filestream.toolkit.LogText;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.Tag;

/** Checks the S3 features that downloads use, for command {@code doctor}. Changes nothing in the store. */
@Lazy
@Component
public final class StoreChecks {

    /** CRITICAL: requests fail, or the service does not start. WARNING: a feature does not work or was not tested. */
    public enum Level { OK, WARNING, CRITICAL }

    /** An output line of {@code doctor}. The advice may be empty. */
    public record Diagnosis(Level level, String text, String advice) {
    }

    private static final int FEW_KEYS = 10;
    private static final String CHECKSUM = "x-amz-checksum-";

    /** If the operator names no object, {@code doctor} chooses an object below this size, in bytes. */
    private static final int LARGEST_SAMPLE = 1024 * 1024;

    private final StorageSettings branches;
    private final S3Settings shared;
    private final ObjectProvider<RouteS3Client> clients;

    StoreChecks(StorageSettings branches, S3Settings shared, ObjectProvider<RouteS3Client> clients) {
        this.branches = branches;
        this.shared = shared;
        this.clients = clients;
    }

    /** Returns how each branch identifies the owner of a file: by metadata, by key, or not at all. */
    public Diagnosis owners() {
        return new Diagnosis(Level.OK, branches.entrySet().stream().map(branch -> branch.getKey() + " "
                + owner(branch.getKey(), branch.getValue())).collect(Collectors.joining(", ")), "");
    }

    private String owner(String name, StorageSettings.Branch branch) {
        String metadata =
                branch.type() == StorageSettings.Type.S3 ? shared.of(name, branch.s3()).ownerMetadata() : null;
        return metadata != null ? "by metadata " + metadata : branch.isOfUser() ? "by key" : "none";
    }

    /** @param named the key of an object; {@code null} for a small object that this method chooses */
    public List<Diagnosis> examine(String branch, String named) {
        Bucket bucket = clients.getObject().bucket(branch);
        String another = "Name another object with --object " + branch + "/<key>";
        Examined store = new Examined(bucket, another, UUID.randomUUID().toString(), new ArrayList<>());
        try {
            String key = named == null ? sample(bucket) : named;
            store.should(key != null, key == null ? "object: none" : "object: " + LogText.visible(key), another);
            if (key != null) {
                store.object(key);
            }
        } catch (SdkException | IOException failure) {
            Down down = StoreFault.explain(failure, bucket);
            store.findings.add(new Diagnosis(Level.CRITICAL, down.reason(), down.advice()));
        }
        return store.findings;
    }

    /** Returns {@code null} if none of the first objects is suitable, or the store refuses to list the bucket. */
    private static String sample(Bucket bucket) {
        try {
            return bucket.store().client().listObjectsV2(list -> list.bucket(bucket.name()).maxKeys(FEW_KEYS))
                    .contents().stream().filter(object -> object.size() > 1 && object.size() < LARGEST_SAMPLE)
                    .min(Comparator.comparing(S3Object::size)).map(S3Object::key).orElse(null);
        } catch (S3Exception refused) {
            return null;
        }
    }

    /** @param language a value of {@code response-content-language} that no response has by chance */
    private record Examined(Bucket bucket, String another, String language, List<Diagnosis> findings) {

        private void should(boolean able, String text, String advice) {
            findings.add(new Diagnosis(able ? Level.OK : Level.WARNING, text, able ? "" : advice));
        }

        private ResponseInputStream<GetObjectResponse> get(GetObjectRequest.Builder request) {
            return bucket.store().client().getObject(
                    request.bucket(bucket.name()).responseContentLanguage(language).build());
        }

        private void object(String key) throws IOException {
            ResponseInputStream<GetObjectResponse> whole =
                    get(GetObjectRequest.builder().key(key).checksumMode(ChecksumMode.ENABLED));
            // The SDK verifies the checksum during this read.
            long length = whole.transferTo(OutputStream.nullOutputStream());
            GetObjectResponse head = whole.response();
            checksum(head.sdkHttpResponse());
            boolean bound = language.equals(head.contentLanguage());
            should(bound, "response-content-language: " + (bound ? "applied" : "not applied"), "Let the proxies of the"
                    + " store pass it: without it, each connection serves one request, and files have no fileUrl");
            boolean strong = head.eTag() != null && head.eTag().startsWith("\"") && length > 1;
            should(strong, "ETag: " + (strong ? "strong" : "none that is strong, or less than 2 bytes"),
                    "Reads of such an object do not resume. " + another);
            if (strong) {
                String range = rest(key, head.eTag(), bound);
                should(range.equals("206 bytes 1-" + (length - 1) + "/" + length), "Range: " + range,
                        "Let the proxies of the store pass Range: broken reads do not resume");
                String other = rest(key, "\"doctor\"", bound).split(" ")[0];
                should(other.equals("412"), "If-Match: " + other + " for another ETag",
                        "Let the proxies of the store pass If-Match: the service has to compare ETags itself");
            }
            if (bucket.store().requiresTags()) {
                tags(key, head.versionId());
            }
        }

        private void checksum(SdkHttpResponse head) {
            String sent = head.headers().keySet().stream().map(String::toLowerCase)
                    .filter(name -> name.matches(CHECKSUM + "(?!type).*"))
                    .map(name -> name.substring(CHECKSUM.length()) + (head.firstMatchingHeader(name).orElse("")
                            .contains("-") ? " of parts" : " of the whole object"))
                    .collect(Collectors.joining(", "));
            boolean compared =
                    ObjectChecksum.of(name -> head.firstMatchingHeader(name).orElse(null)).computed() != null;
            String limit = compared || sent.isEmpty() ? "" : ", which downloads do not compare";
            should(compared, "checksum: " + (sent.isEmpty() ? "the store sends none" : sent + limit), "If the store can"
                    + " keep checksums (docs/deployment.md#tested-with), upload objects with CRC32C of the whole"
                    + " object: the service then notices a changed byte");
        }

        /** Sends a GET like that of a resumed read. Returns the status and the range, or the failure. */
        private String rest(String key, String etag, boolean bound) {
            try (ResponseInputStream<GetObjectResponse> rest =
                    get(GetObjectRequest.builder().key(key).range("bytes=1-").ifMatch(etag))) {
                rest.abort();
                GetObjectResponse head = rest.response();
                return bound && !language.equals(head.contentLanguage())
                        ? "response-content-language is applied to complete objects only"
                        : head.sdkHttpResponse().statusCode() + " " + head.contentRange();
            } catch (S3Exception refused) {
                return String.valueOf(refused.statusCode());
            } catch (IOException | SdkException failed) {
                return failed.getMessage();
            }
        }

        private void tags(String key, String version) {
            should(RequiredTags.isUnique(version), "versions: " + (version == null ? "none" : version),
                    "Turn on the versions of the bucket: without them, the service reads tags by key");
            try {
                Map<String, String> tags = bucket.store().client().getObjectTagging(get ->
                        get.bucket(bucket.name()).key(key).versionId(version)).tagSet().stream()
                        .collect(Collectors.toMap(Tag::key, Tag::value));
                bucket.settings().requiredTags().forEach((tag, clean) -> should(clean.equals(tags.get(tag)),
                        "tag " + tag + ": " + LogText.visible(tags.getOrDefault(tag, "missing")),
                        "The service refuses this object. " + another));
            } catch (S3Exception refused) {
                findings.add(new Diagnosis(Level.CRITICAL, "tags: " + StoreFault.text(refused), "Allow"
                        + " s3:GetObjectTagging and s3:GetObjectVersionTagging, or choose a store that keeps tags"));
            }
        }
    }
}
