package org.ccmessaging.filestream.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.settings.Examination;
import org.ccmessaging.filestream.storage.LibrarySettings;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageProbe.Down;
import org.ccmessaging.filestream.storage.StorageProbe;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.storage.s3.ObjectGet.Response;
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

    private static final ObjectChecksum NO_CHECKSUM = new ObjectChecksum(null, null);
    private static final int FEW_KEYS = 10;

    /** Maximum size of an object that nobody named. */
    private static final int LARGEST_SAMPLE = 1024 * 1024;

    /** Nanoseconds after which the rate of a large object is known. */
    private static final long LONGEST_READ = TimeUnit.SECONDS.toNanos(8);

    @Override
    public Map<String, Attempt> attempts(Given given) {
        Map<String, Attempt> attempts = new LinkedHashMap<>();
        String[] named = String.valueOf(given.object()).split("/", 2);
        branches.forEach((name, branch) -> attempts.put(name, notes -> {
            String key = named[0].equals(name) ? named[1] : null;
            switch (branch.type()) {
                case S3 -> new Store(Bucket.of(name, branches, shared, clients.getObject()), notes).examine(key);
                case FILESYSTEM -> folder(name, branch.root(), key, notes);
                default -> notes.should(false, "not tried: a route of the installation opens files", "Try a download");
            }
        }));
        return attempts;
    }

    private void folder(String name, Path root, String key, Notes notes) throws IOException {
        if (isUp(name, notes) && key != null) {
            notes.trying("read", "Name a file below " + root);
            read(Files.newInputStream(root.resolve(key)), Files.size(root.resolve(key)), NO_CHECKSUM, notes);
        }
    }

    /** Probes as health does. */
    private boolean isUp(String name, Notes notes) {
        Down down = probes.stream().filter(probe -> probe.names().contains(name)).findFirst().orElseThrow().probe(name);
        return down == null ? notes.must(true, "storage: there", "")
                : notes.must(false, "storage: " + down.reason(), down.advice());
    }

    private static void read(InputStream content, long length, ObjectChecksum checksum, Notes notes)
            throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long start = System.nanoTime();
        long bytes = 0;
        try (content) {
            for (int count = 0; count >= 0 && System.nanoTime() - start < LONGEST_READ; bytes += Math.max(count, 0)) {
                count = content.read(buffer);
                checksum.update(buffer, 0, Math.max(count, 0));
            }
        }
        if (bytes == length) {
            checksum.compare();
        }
        notes.ok(String.format(Locale.ROOT, "read: %,d of %,d bytes, %.1f MB/s", bytes, length,
                bytes * 1e3 / (System.nanoTime() - start)));
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
                if (isUp(bucket.branch(), notes)) {
                    missingKey();
                    String key = named == null ? sample() : named;
                    if (key == null) {
                        notes.should(false, "Range, If-Match, response-content-language, checksum: not tried", another);
                    } else {
                        object(key);
                    }
                }
            } catch (SdkException failure) {
                Down down = StoreFault.explain(failure, bucket);
                notes.failed(down.reason(), down.advice());
            }
        }

        /** Sends a GET as those of downloads. */
        private Response send(GetObjectRequest.Builder get) {
            return bucket.store().send(get.build(), deadlines.ofFirstByte(Long.MAX_VALUE));
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
                notes.clock(response.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("Date").orElse(null),
                        null);
            }
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
            ObjectChecksum checksum = ObjectChecksum.of(whole.head());
            long length = Objects.requireNonNullElse(whole.head().contentLength(), StoredObject.UNKNOWN_LENGTH);
            read(whole.body(), length, checksum, notes);
            boolean summed = checksum.computed() != null;
            notes.should(summed, "checksum: the store sends " + (summed ? "one" : "none"),
                    "If the store can keep checksums (docs/deployment.md#tested-with), upload objects with one, such as"
                            + " CRC32C: the service then notices a changed byte");
            String responses = bucket.store().states().get("responses");
            notes.should(responses.equals("verified"), "response-content-language: " + responses,
                    "Let the proxies of the store pass response-content-language; " + bucket.prefix()
                            + "verify-responses");
            if (!bucket.store().allowsLinks()) {
                notes.should(false, "links: files have no fileUrl, because the store may ignore its content type",
                        "As above, or accept it with filestream.download.file-url-unverified");
            }
            String etag = whole.head().eTag();
            boolean resumes = etag != null && !etag.startsWith("W/") && length > 1;
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

        /** Sends the request of a resumed read. Returns the status, and the range if there is one. */
        private String rest(String key, String etag) {
            try {
                Response rest = send(RequestObject.complete(bucket.name(), key).range("bytes=1-").ifMatch(etag)
                        .checksumMode((ChecksumMode) null));
                rest.body().abort();
                return rest.head().sdkHttpResponse().statusCode() + " " + rest.head().contentRange();
            } catch (SdkException failed) {
                return failed instanceof S3Exception refused ? String.valueOf(refused.statusCode())
                        : failed.getMessage();
            }
        }
    }
}
