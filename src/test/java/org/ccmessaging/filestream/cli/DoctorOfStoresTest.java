package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.dev.EmbeddedS3;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Script;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestCa;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** {@code doctor} names what a store lacks, and what to do about it. One run examines a branch for each store. */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoctorOfStoresTest {

    private static final byte[] FILE = Stage.content(50_000);
    private static final String LIST = "<ListBucketResult><Contents><Key>demo/a.bin</Key><Size>50000</Size></Contents>"
            + "</ListBucketResult>";

    /** @param advice {s} stands for the prefix of the settings of the branch's store */
    private record Row(String branch, String finding, String advice) {
    }

    private final List<Row> rows = new ArrayList<>();
    private final List<FaultyServer> stores = new ArrayList<>();
    private final Map<String, Object> settings = new HashMap<>();
    private EmbeddedS3 sound;
    private Doctor doctor;

    @BeforeAll
    void examineAllStores() throws Exception {
        sound = EmbeddedS3.inMemory(List.of("multimedia-library", "standard", "films"));
        sound.put("standard", "demo/a.bin", FILE);
        settings.putAll(EmbeddedS3.settings(sound.endpoint()));
        settings.put("filestream.storage.local.key", "${variable.tenantId}/${variable.userId}/${variable.objectKey}");
        settings.put("filestream.storage.standard.s3.owner-metadata", "user-id");
        addStoresThatLackOneAbility();
        addTags();
        addFaults();
        doctor = Doctor.run(settings, "--object", "standard/demo/a.bin");
    }

    @Test
    void branchesWhoseFilesAreThoseOfOneCustomerAreNamed() {
        assertThat(doctor.of("owners")).singleElement().asString().startsWith(
                "OK local by key, multimedia-library none, standard by metadata user-id, ");
    }

    @AfterAll
    void stop() {
        stores.forEach(FaultyServer::close);
        sound.close();
    }

    private void add(String branch, String endpoint, String finding, String advice, String... ofStore) {
        String prefix = "filestream.storage." + branch + ".";
        settings.put(prefix + "type", "s3");
        settings.put(prefix + "bucket", "films");
        settings.put(prefix + "key", "${variable.tenantId}/${variable.objectKey}");
        settings.put(prefix + "s3.endpoint", endpoint);
        for (int i = 0; i < ofStore.length; i += 2) {
            settings.put(prefix + "s3." + ofStore[i], ofStore[i + 1]);
        }
        rows.add(new Row(branch, finding, advice.replace("{s}", prefix + "s3.")));
    }

    private void lacks(String branch, Script object, String finding, String advice, String... ofStore) {
        FaultyServer store = new FaultyServer();
        stores.add(store);
        store.putEverywhere(FILE, turn -> {
            turn.head(200, "Content-Length: " + LIST.length());
            turn.send(LIST);
        });
        store.putAt("demo/a.bin", FILE, object);
        add(branch, store.endpoint().toString(), finding, advice, ofStore);
    }

    private void addStoresThatLackOneAbility() throws Exception {
        String sha256 = Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(FILE));
        lacks("nothing", turn -> turn.right("x-amz-checksum-sha256: " + sha256), "OK ETag: strong", "");
        lacks("range", turn -> {
            turn.head(200, "Content-Length: " + turn.length());
            turn.send(turn.content());
        }, "warning Range: 200 null", "Let the proxies of the store pass Range");
        lacks("if-match", turn -> {
            turn.rightHead();
            turn.upTo(turn.length());
        }, "warning If-Match: 206 for another ETag", "Let the proxies of the store pass If-Match");
        lacks("echo-for-range", turn -> (turn.isForRest() ? turn.withLanguage(null) : turn).right(),
                "warning Range: response-content-language is applied to complete objects only", "Let the proxies");
        lacks("echo", turn -> turn.withLanguage(null).right(), "warning response-content-language: not applied",
                "Let the proxies of the store pass it: without it, each connection serves one request");
        lacks("etag", turn -> {
            turn.headOf(null, "HTTP/1.1 200 OK", "Content-Length: " + turn.length());
            turn.send(turn.content());
        }, "warning ETag: none that is strong", "Reads of such an object do not resume");
        lacks("checksum", Turn::right, "warning checksum: the store sends none", "If the store can keep checksums");
        lacks("checksum-of-the-whole", turn -> turn.right("x-amz-checksum-crc32: poTHxg==-2",
                "x-amz-checksum-type: COMPOSITE"), "warning checksum: crc32 of parts, which downloads do not compare",
                "If the store can keep checksums");
        lacks("fast-checksum", turn -> turn.right("x-amz-checksum-crc64nvme: AAAAAAAAAAA=",
                "x-amz-checksum-type: FULL_OBJECT"), "warning checksum: crc64nvme of the whole object, which downloads"
                + " do not compare", "If the store can keep checksums");
        lacks("right-bytes", turn -> turn.right("x-amz-checksum-crc32c: AAAAAA=="),
                "critical Data read has a different checksum than expected", "");
        lacks("object", turn -> turn.error(404, "NoSuchKey"), "critical NoSuchKey (404)", "Name an object that exists");
    }

    private void addTags() {
        tags("clean", "x-amz-version-id: v1", turn -> turn.tags("scan", "clean"), "OK tag scan: clean", "");
        tags("infected", "x-amz-version-id: v1", turn -> turn.tags("scan", "infected"), "warning tag scan: infected",
                "The service refuses this object");
        tags("no-verdict", "x-amz-version-id: v1", Turn::tags, "warning tag scan: missing",
                "The service refuses this object");
        tags("no-versions", "x-any: 1", turn -> turn.tags("scan", "clean"), "warning versions: none",
                "Turn on the versions of the bucket");
        tags("right-to-tags", "x-amz-version-id: v1", turn -> turn.error(403, "AccessDenied"),
                "critical tags: AccessDenied (403)", "Allow s3:GetObjectTagging and s3:GetObjectVersionTagging");
    }

    private void tags(String branch, String version, Script tags, String finding, String advice) {
        lacks(branch, turn -> {
            if (turn.versionOfTags() == null) {
                turn.right(version);
            } else {
                tags.respond(turn);
            }
        }, finding, advice, "required-tags.scan", "clean");
    }

    private void refuses(int status, String code, String advice, String... ofStore) {
        FaultyServer store = new FaultyServer();
        stores.add(store);
        store.probes(turn -> turn.head(status, "Content-Length: 0"));
        store.putEverywhere(FILE, turn -> turn.error(status, code, code.isEmpty() ? "" : "said the store"));
        add("refusal-" + stores.size(), store.endpoint().toString(),
                "critical " + (code.isEmpty() ? "HTTP " + status : code + " (" + status + ")"), advice, ofStore);
    }

    private FaultyServer secured(TestCa.Issued certificate) throws Exception {
        FaultyServer link = new FaultyServer(sound.endpoint(), certificate.server());
        stores.add(link);
        return link;
    }

    private void addFaults() throws Exception {
        refuses(403, "InvalidAccessKeyId", "Correct {s}access-key: the store does not know it");
        refuses(403, "SignatureDoesNotMatch", "Correct {s}secret-key or {s}access-key");
        refuses(400, "AuthorizationHeaderMalformed", "): said the store -> Set {s}region to the region of the bucket");
        refuses(403, "RequestTimeTooSkewed", "Set the clocks of the store and of this machine by NTP");
        refuses(404, "NoSuchBucket", "Create the bucket, or correct");
        refuses(405, "", "Set {s}path-style-access to true", "path-style-access", "false");
        add("host-of-bucket", "http://store.invalid", "films.store.invalid", "Set {s}path-style-access to true",
                "path-style-access", "false");
        add("host", "http://store.invalid", "store.invalid", "Correct {s}endpoint, or the DNS of this machine");
        try (ServerSocket closed = new ServerSocket(0)) {
            add("nobody", "http://127.0.0.1:" + closed.getLocalPort(), "Connection refused",
                    "Start the store, or correct {s}endpoint");
        }
        add("plain-port", sound.endpoint().toString().replace("http:", "https:"),
                "Unsupported or unrecognized SSL message", "Set {s}endpoint to http://");
        TestCa ca = new TestCa("faults");
        settings.put("spring.ssl.bundle.pem.store.truststore.certificate", ca.pem());
        add("unknown-ca", secured(ca.issue()).endpoint().toString(), "unable to find valid certification path",
                "Set {s}ssl-bundle to a bundle with the CA of the store");
        add("other-name", secured(ca.issueForAnotherHost()).endpoint().toString(), "elsewhere.example.com",
                "Set {s}endpoint to a name that is in the certificate of the store", "ssl-bundle", "store");
        FaultyServer demanding = secured(ca.issue());
        demanding.demandClientCertificates(ca.issue().server(ca));
        add("client-certificate", demanding.endpoint().toString(), "critical Unable to execute HTTP request: ",
                "If the store requires a client certificate, set {s}ssl-bundle to a bundle", "ssl-bundle", "store");
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("rows")
    void storeIsNamedWithWhatItLacksAndWhatToDo(Row row) {
        assertThat(doctor.of(row.branch())).anySatisfy(finding ->
                assertThat(finding).contains(row.finding()).contains(row.advice()));
    }

    @Test
    void storeThatLacksNothingIsOk() {
        assertThat(doctor.of("nothing")).containsExactly("OK object: demo/a.bin",
                "OK checksum: sha256 of the whole object", "OK response-content-language: applied", "OK ETag: strong",
                "OK Range: 206 bytes 1-49999/50000", "OK If-Match: 412 for another ETag");
        assertThat(doctor.of("standard")).contains("OK object: demo/a.bin", "OK Range: 206 bytes 1-49999/50000");
        assertThat(doctor.of("multimedia-library")).singleElement().asString().startsWith("warning object: none -> ");
    }

    @Test
    void nothingIsWrittenAndACriticalFindingIsTheStatus() {
        assertThat(doctor.output()).doesNotContain(settings.get("filestream.s3.secret-key").toString());
        assertThat(stores).flatExtracting(FaultyServer::received)
                .allMatch(request -> request.toString().matches("(GET|HEAD) .*"));
        assertThat(doctor.status()).isEqualTo(1);
    }
}
