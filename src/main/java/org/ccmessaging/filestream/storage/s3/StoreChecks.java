package org.ccmessaging.filestream.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.http.HttpHeaders;
import org.ccmessaging.filestream.settings.Examination;
import org.ccmessaging.filestream.settings.LibrarySettings;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageProbe.Down;
import org.ccmessaging.filestream.storage.StorageProbe;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.storage.s3.ObjectGet.Response;
import org.ccmessaging.filestream.storage.s3.StoreCircuit.Origin;
import org.ccmessaging.filestream.storage.s3.StoreCircuit.Session;
import org.ccmessaging.filestream.toolkit.Customer;
import org.ccmessaging.filestream.toolkit.LogText;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Examines the storage of each branch, with the client and the requests of downloads. */
@Lazy
@Component("stores")
record StoreChecks(StorageSettings branches, S3Settings shared, LibrarySettings library,
        List<StorageProbe> probes, ObjectProvider<RouteS3Client> clients, Deadlines deadlines)
        implements Examination {

    /** A key that no object has. */
    private static final String MISSING = "doctor/" + UUID.randomUUID();

    private static final Origin ORIGIN = new Origin(new Session(new Customer("", null, null), "doctor"), null);

    private static final int FEW_KEYS = 10;
    private static final int BUFFER = 64 * 1024;

    /** Maximum size of an object that nobody named. */
    private static final int LARGEST_SAMPLE = 1024 * 1024;

    /** Dates of HTTP have whole seconds. */
    private static final Duration USUAL_SKEW = Duration.ofSeconds(5);

    @Override
    public Map<String, Attempt> attempts(Given given) {
        Map<String, Attempt> attempts = new LinkedHashMap<>();
        String[] named = String.valueOf(given.object()).split("/", 2);
        branches.forEach((name, branch) -> attempts.put(name, notes -> {
            if (branch.type() == null) {
                notes.should(false, "not tried: a route of the installation opens files", "Try a download");
            } else if (isUp(name, notes) && branch.type() == StorageSettings.Type.S3) {
                new Store(Bucket.of(name, branches, shared, clients.getObject()), notes)
                        .examine(named[0].equals(name) ? named[1] : null);
            }
        }));
        return attempts;
    }

    /** Probes as health does. */
    private boolean isUp(String name, Notes notes) {
        Down down = probes.stream().filter(probe -> probe.names().contains(name)).findFirst().orElseThrow().probe(name);
        return down == null ? notes.must(true, "storage: there", "")
                : notes.must(false, "storage: " + down.reason(), down.advice());
    }

    private final class Store {

        private final Bucket bucket;
        private final Notes notes;
        private final String another;

        Store(Bucket bucket, Notes notes) {
            this.bucket = bucket;
            this.notes = notes;
            this.another = "Name another object with --object " + bucket.branch() + "/<key>";
        }

        void examine(String named) throws Exception {
            try {
                missingKey();
                String key = named == null ? sample() : named;
                if (key == null) {
                    notes.should(false, "Range, If-Match, response-content-language, checksum: not tried", another);
                } else {
                    object(key);
                }
            } catch (SdkException failure) {
                Down down = StoreFault.explain(failure, bucket);
                notes.failed(down.reason(), down.advice());
            }
        }

        /** Sends a GET as those of downloads. */
        private Response send(GetObjectRequest.Builder get) {
            return bucket.store().send(get.build(), ORIGIN, deadlines.ofFirstByte());
        }

        private void missingKey() {
            notes.trying("missing key", "");
            try {
                send(RequestObject.complete(bucket.name(), MISSING)).body().abort();
                notes.must(false, "missing key: the store sends an object", "Correct " + bucket.prefix() + "endpoint");
            } catch (S3Exception response) {
                String tried = "missing key: " + response.statusCode() + " " + response.awsErrorDetails().errorCode();
                boolean missing = response instanceof NoSuchKeyException;
                String advice = StoreFault.explain(response, bucket).advice();
                // Without a catalogue, the store decides whether an ID is unknown (contract section 3).
                if (response.statusCode() != 403 || bucket.branch().equals("multimedia-library")
                        && library.catalogue() == LibrarySettings.Catalogue.NONE) {
                    notes.must(missing, tried, advice + ". Unknown IDs of the library get 13 and not 401");
                } else {
                    notes.should(missing, tried, advice);
                }
                clock(response.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("Date").orElse(null));
            }
        }

        /** The service signs with the time of the store, so that a difference only makes its log hard to compare. */
        private void clock(String date) {
            Duration off = date == null ? null : Duration.between(Instant.now(),
                    ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)).abs();
            notes.should(off != null && off.compareTo(USUAL_SKEW) <= 0, "clock: "
                    + (off == null ? "not compared, because the response has no Date"
                    : off.toSeconds() + " s from that of the server"),
                    "Set the clocks of this machine and of the server by NTP");
        }

        /** Returns the key of a small object; {@code null} if there is none, or the credentials may not list. */
        private String sample() {
            try {
                return bucket.store().client().listObjectsV2(list -> list.bucket(bucket.name()).maxKeys(FEW_KEYS))
                        .contents().stream().filter(object -> object.size() > 1 && object.size() < LARGEST_SAMPLE)
                        .min(Comparator.comparing(S3Object::size)).map(S3Object::key).orElse(null);
            } catch (S3Exception refused) {
                return null;
            }
        }

        private void object(String key) throws IOException {
            notes.trying("object", another);
            Response whole = send(RequestObject.complete(bucket.name(), key));
            ObjectChecksum checksum = ObjectChecksum.of(whole);
            long length = read(whole.body(), checksum);
            boolean summed = checksum.computed() != null;
            notes.should(summed, "checksum: the store sends " + (summed ? "one" : "none"),
                    "If the store can keep checksums (docs/deployment.md#tested-with), upload objects with one, such as"
                            + " CRC32C: the service then notices a changed byte");
            if (bucket.store().requiresTags()) {
                tags(key, whole.versionId());
            }
            String responses = bucket.store().states().get("responses");
            notes.should(responses.equals("verified"), "response-content-language: " + responses,
                    "Let the proxies of the store pass response-content-language; " + bucket.prefix()
                            + "verify-responses");
            if (!bucket.store().allowsLinks()) {
                notes.should(false, "links: files have no fileUrl, because the store may ignore its content type",
                        "As above");
            }
            String etag = whole.strongEtag();
            boolean resumes = etag != null && length > 1;
            notes.should(resumes, "ETag: " + (resumes ? "strong" : "none that is strong, or less than 2 bytes"),
                    "Reads of such an object do not resume. " + another);
            if (resumes) {
                String range = rest(key, etag);
                boolean ranged = range.equals("206 bytes 1-" + (length - 1) + "/" + length);
                notes.should(ranged, "Range: " + range,
                        "Let the proxies of the store pass Range: broken reads do not resume");
                String other = ranged ? rest(key, "\"doctor\"").split(" ")[0] : "not tried";
                notes.should(other.equals("412"), "If-Match: " + other + " for another ETag",
                        "Let the proxies of the store pass If-Match: the service has to compare ETags itself");
            }
        }

        /** An object that nobody named may have no verdict, so that only a refusal of the store is broken. */
        private void tags(String key, String version) {
            notes.should(RequiredTags.isUnique(version), "versions: " + (version == null ? "none" : version),
                    "Turn on the versions of the bucket: without them, the service reads tags by key");
            try {
                Map<String, String> tags = bucket.store().tags(GetObjectRequest.builder().bucket(bucket.name()).key(key)
                        .versionId(version).build(), ORIGIN, deadlines.ofFirstByte());
                bucket.settings().requiredTags().forEach((tag, clean) -> notes.should(clean.equals(tags.get(tag)),
                        "tag " + tag + ": " + LogText.visible(tags.getOrDefault(tag, "missing")),
                        "The service refuses this object. " + another));
            } catch (S3Exception refused) {
                notes.must(false, "tags: " + StoreFault.text(refused), "Allow " + bucket.user()
                        + " s3:GetObjectTagging and s3:GetObjectVersionTagging, or choose a store that keeps tags");
            }
        }

        /** Reads an object completely. Returns its length. */
        private long read(InputStream content, ObjectChecksum checksum) throws IOException {
            long start = System.nanoTime();
            long length = 0;
            try (content) {
                byte[] buffer = new byte[BUFFER];
                for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
                    checksum.update(buffer, 0, count);
                    length += count;
                }
            }
            checksum.compare();
            notes.must(true, String.format(Locale.ROOT, "read: %,d bytes, %.1f MB/s", length,
                    length * 1e3 / (System.nanoTime() - start)), "");
            return length;
        }

        /** Sends the request of a resumed read. Returns the status, and the range if there is one. */
        private String rest(String key, String etag) {
            try {
                Response rest = send(RequestObject.complete(bucket.name(), key).range("bytes=1-").ifMatch(etag)
                        .checksumMode((ChecksumMode) null));
                rest.body().abort();
                return rest.head().getStatusLine().getStatusCode() + " " + rest.header(HttpHeaders.CONTENT_RANGE);
            } catch (SdkException failed) {
                return failed instanceof S3Exception refused ? String.valueOf(refused.statusCode())
                        : failed.getMessage();
            }
        }
    }
}
