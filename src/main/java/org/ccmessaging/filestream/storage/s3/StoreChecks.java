package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.ccmessaging.filestream.settings.Examination;
import org.ccmessaging.filestream.storage.LibrarySettings;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageProbe;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.storage.s3.ObjectGet.Response;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.http.apache.ProxyConfiguration;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Examines the storage of each branch, with the client and the requests of downloads. */
@Lazy
@Component("stores")
record StoreChecks(StorageSettings branches, S3Settings shared, LibrarySettings library, SslBundles bundles,
        List<StorageProbe> probes, ObjectProvider<RouteS3Client> clients, Deadlines deadlines, MeterRegistry meters)
        implements Examination {

    /** Amazon refuses signatures of a clock that differs by more. */
    private static final Duration MOST_SKEW = Duration.ofMinutes(15);

    private static final int FEW_DAYS = 21;
    private static final int GETS = 10;
    private static final long SLOW_MILLIS = 500;

    /** Bytes of an object that nobody named. The command does not read a larger one. */
    private static final long LARGEST_SAMPLE = 1024 * 1024;

    /** Nanoseconds after which the rate of a large object is known. */
    private static final long LONGEST_READ = TimeUnit.SECONDS.toNanos(8);

    @Override
    public Map<String, Attempt> attempts(Given given) {
        Map<String, Attempt> attempts = new LinkedHashMap<>();
        String[] named = String.valueOf(given.object()).split("/", 2);
        branches.forEach((name, branch) -> attempts.put(name, notes -> {
            String key = named[0].equals(name) ? named[1] : null;
            switch (branch.type()) {
                case S3 -> new Bucket(name, notes).examine(key);
                case FILESYSTEM -> folder(name, branch.root(), key, notes);
                default -> notes.should(false, "not tried: a route of the installation opens files", "Try a download");
            }
        }));
        return attempts;
    }

    private void folder(String name, Path root, String key, Notes notes) throws IOException {
        if (probed(name, notes, "Set filestream.storage." + name + ".root to a folder that the service's user can read")
                && key != null) {
            notes.attempt("read", "Name a file below " + root, none -> notes.ok(read(
                    Files.newInputStream(root.resolve(key)), Files.size(root.resolve(key)))));
        }
    }

    private boolean probed(String name, Notes notes, String advice) {
        String reason = probes.stream().filter(probe -> probe.names().contains(name)).findFirst().orElseThrow()
                .probe(name);
        return notes.must(reason == null, "storage: " + (reason == null ? "there" : reason), advice);
    }

    private static String read(InputStream content, long length) throws IOException {
        long start = System.nanoTime();
        long bytes = 0;
        byte[] buffer = new byte[64 * 1024];
        try (content) {
            for (int count = 0; count >= 0 && bytes < length && System.nanoTime() - start < LONGEST_READ;) {
                count = content.read(buffer);
                bytes += Math.max(0, count);
            }
        }
        return String.format(Locale.ROOT, "read: %,d of %,d bytes, %.1f MB/s", bytes, length,
                bytes * 1e3 / (System.nanoTime() - start));
    }

    private final class Bucket {

        private final String name;
        private final Notes notes;
        private final String bucket;
        private final String prefix;
        private final S3Settings settings;
        private final S3Store store;

        Bucket(String name, Notes notes) {
            S3Settings own = branches.named(name).s3();
            this.name = name;
            this.notes = notes;
            this.bucket = branches.named(name).bucket();
            this.prefix = own == null ? "filestream.s3." : "filestream.storage." + name + ".s3.";
            this.settings = shared.of(name, own);
            this.store = clients.getObject().byBranch().get(name);
        }

        void examine(String named) {
            String another = "Name another object with --object " + name + "/<key>"
                    + (settings.verifyResponses() == S3Settings.VerifyResponses.REQUIRE ? ", or set " + prefix
                            + "verify-responses to auto" : "");
            URL url = store.client().utilities().getUrl(get -> get.bucket(bucket).key("any"));
            ProxyConfiguration proxy = StoreHttpClient.proxy(settings);
            boolean proxied = proxy.host() != null && !StoreHttpClient.isDirect(proxy, url.getHost());
            if (proxied) {
                notes.should(false, "name, TLS: not tried, because a proxy connects", "See the requests below");
            }
            if ((proxied || notes.attempt("name", "Correct " + prefix + "endpoint, or the DNS of this machine", none ->
                            notes.ok("name: " + url.getHost() + " is " + InetAddress.getByName(url.getHost())
                                    .getHostAddress()))
                    && (!url.getProtocol().equals("https") || notes.attempt("TLS", "Set " + prefix
                            + "ssl-bundle to a bundle with the CA of the store", none -> tls(url))))
                    && probed(name, notes, "Correct " + prefix + "endpoint, the region, the keys, or the bucket of the"
                            + " branch")) {
                notes.attempt("missing key", "Look into the log of the store", none -> missingKey());
                String key = named == null ? sample() : named;
                boolean there = key != null && notes.attempt("object", another, none -> object(key, another));
                if (key == null) {
                    notes.should(false, "Range, If-Match, response-content-language, checksum: not tried", another);
                }
                notes.attempt("latency", "Look into the log of the store", none -> latency(there ? key : null));
            }
        }

        private void tls(URL url) throws IOException {
            try (SSLSocket socket = (SSLSocket) S3Store.trusted(settings.sslBundle(), bundles).get().createSocket()) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.setSoTimeout((int) settings.readTimeout().toMillis());
                socket.connect(new InetSocketAddress(url.getHost(), url.getPort() < 0 ? 443 : url.getPort()),
                        (int) settings.connectTimeout().toMillis());
                socket.startHandshake();
                Instant end = Stream.of(socket.getSession().getPeerCertificates())
                        .map(certificate -> ((X509Certificate) certificate).getNotAfter().toInstant())
                        .min(Comparator.naturalOrder()).orElseThrow();
                long days = Instant.now().until(end, ChronoUnit.DAYS);
                notes.should(days >= FEW_DAYS, "TLS: " + socket.getSession().getProtocol() + ", trusted, " + days
                        + " days left", "Renew the certificate of the store before " + end);
            }
        }

        /** @param given {@code null} for a key that does not exist */
        private ObjectGet get(String given) {
            String key = given == null ? "doctor/" + UUID.randomUUID() : given;
            return new ObjectGet(RequestObject.complete(bucket, key), new ObjectLocation(name, "", key),
                    deadlines.ofFirstByte(Long.MAX_VALUE));
        }

        private Response send(ObjectGet get) {
            return get.take(get.sendTo(store), get.location);
        }

        private void missingKey() {
            try {
                send(get(null)).body().abort();
                notes.must(false, "missing key: the store sends an object", "Correct " + prefix + "endpoint");
            } catch (S3Exception response) {
                String tried = "missing key: " + response.statusCode() + " " + response.awsErrorDetails().errorCode();
                boolean missing = response instanceof NoSuchKeyException;
                // Without a catalogue, the store decides whether an ID is unknown (contract section 3).
                if (response.statusCode() != 403 || name.equals("multimedia-library")
                        && library.catalogue() == LibrarySettings.Catalogue.NONE) {
                    notes.must(missing, tried, "Allow s3:ListBucket (403: unknown IDs get 13 and not 401), or correct "
                            + prefix + "endpoint");
                } else {
                    notes.should(missing, tried, "Allow s3:ListBucket: metrics count missing files as refused ones");
                }
                notes.clock(response.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("Date"), MOST_SKEW);
            }
        }

        /** Returns the key of a small object; {@code null} if there is none, or the credentials may not list. */
        private String sample() {
            try {
                return store.client().listObjectsV2(list -> list.bucket(bucket).maxKeys(GETS)).contents().stream()
                        .filter(object -> object.size() > 1 && object.size() < LARGEST_SAMPLE)
                        .min(Comparator.comparing(S3Object::size)).map(S3Object::key).orElse(null);
            } catch (S3Exception refused) {
                return null;
            }
        }

        private void object(String key, String another) throws IOException {
            ObjectGet get = get(key);
            Response whole = send(get);
            ResumingStream content = new ResumingStream(get, whole, deadlines, meters.counter("resumed"),
                    meters.counter("given.up"));
            // As for the chunks after the first one, because the whole object may take longer than its first byte.
            content.nextChunk(false, Long.MAX_VALUE);
            try {
                notes.ok(read(content, content.length()));
            } finally {
                content.abort();
            }
            boolean summed = ObjectChecksum.of(whole.head()).computed() != null;
            notes.should(summed, "checksum: the store sends " + (summed ? "one" : "none"),
                    "Upload objects with a checksum, such as CRC32C, so that the service notices a changed byte");
            String responses = store.states().get("responses");
            notes.should(responses.equals("verified"), "response-content-language: " + responses,
                    "Let the proxies of the store pass response-content-language; " + prefix + "verify-responses");
            boolean resumes = content.version() != null && content.length() > 1;
            notes.should(resumes, "ETag: " + (resumes ? "strong" : "none that is strong, or less than 2 bytes"),
                    "Reads of such an object do not resume. " + another);
            if (resumes) {
                String range = rest(get, content.version());
                notes.should(range.equals("206 bytes 1-" + (content.length() - 1) + "/" + content.length()),
                        "Range: " + range, "Let the proxies of the store pass Range: broken reads do not resume");
                String other = rest(get, "\"doctor\"").split(" ")[0];
                notes.should(other.equals("412"), "If-Match: " + other + " for another ETag",
                        "Let the proxies of the store pass If-Match: the service has to compare ETags itself");
            }
        }

        /** Sends the request of a resumed read. Returns the status, and the range if there is one. */
        private String rest(ObjectGet get, String etag) {
            try {
                Response rest = get.rest(1, etag, deadlines.ofFirstByte(Long.MAX_VALUE));
                rest.body().abort();
                return rest.head().sdkHttpResponse().statusCode() + " " + rest.head().contentRange();
            } catch (S3Exception refused) {
                return String.valueOf(refused.statusCode());
            }
        }

        private void latency(String key) throws IOException {
            long[] millis = new long[GETS];
            for (int i = 0; i < GETS; i++) {
                long start = System.nanoTime();
                try {
                    Response response = send(get(key));
                    if (response.head().contentLength() <= LARGEST_SAMPLE) {
                        // So that the next GET finds an open connection, as those of downloads do.
                        response.body().readAllBytes();
                    }
                    response.body().abort();
                } catch (S3Exception missing) {
                    // Its response has arrived all the same.
                }
                millis[i] = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            }
            Arrays.sort(millis);
            notes.should(millis[GETS / 2] < SLOW_MILLIS, "latency: ten GETs of " + (key == null ? "a missing key"
                    : "the object") + ", " + millis[0] + " to " + millis[GETS - 1] + " ms, median " + millis[GETS / 2]
                    + " ms", "Move the service nearer to the store, or look for a slow proxy");
        }
    }
}
