package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.ccmessaging.filestream.dev.EmbeddedS3;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestCa;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code doctor} names what a store lacks, and what to do about it. */
@Tag("service")
class DoctorOfStoresTest {

    private static final byte[] FILE = Stage.content(50_000);
    private static final String CRC32C = crc32c();

    private final List<FaultyServer> stores = new ArrayList<>();

    private static String crc32c() {
        CRC32C sum = new CRC32C();
        sum.update(FILE);
        return Base64.getEncoder().encodeToString(ByteBuffer.allocate(Integer.BYTES).putInt((int) sum.getValue())
                .array());
    }

    @AfterEach
    void close() {
        stores.forEach(FaultyServer::close);
    }

    private static List<String> examined(FaultyServer store) {
        Doctor doctor = Doctor.run(EmbeddedS3.settings(store.endpoint()), "--object", "standard/demo/a.bin");
        assertThat(store.received()).allMatch(request -> request.matches("(GET|HEAD) .*"));
        assertThat(doctor.status()).isEqualTo(doctor.output().matches("(?s).*\nbroken .*") ? 1 : 0);
        return doctor.of("standard");
    }

    @Test
    void withoutANameTheObjectIsOneOfTheBucketAndAnEmptyBucketHasNone() throws Exception {
        try (EmbeddedS3 s3 = EmbeddedS3.inMemory(List.of("multimedia-library", "standard"))) {
            s3.put("standard", "demo/a.bin", FILE);
            Doctor doctor = Doctor.run(EmbeddedS3.settings(s3.endpoint()));

            assertThat(doctor.of("standard")).contains("ok object: demo/a.bin", "ok Range: 206 bytes 1-49999/50000");
            assertThat(doctor.of("multimedia-library")).containsExactly("warn object: none");
            assertThat(doctor.status()).isZero();
        }
    }

    @Test
    void storeThatLacksNothingIsOk() {
        try (FaultyServer store = new FaultyServer()) {
            store.putAt("demo/a.bin", FILE, turn -> turn.right("x-amz-checksum-crc32c: " + CRC32C));

            assertThat(examined(store)).containsExactly("ok object: demo/a.bin", "ok checksum: the store sends one",
                    "ok response-content-language: applied", "ok ETag: strong", "ok Range: 206 bytes 1-49999/50000",
                    "ok If-Match: 412 for another ETag");
        }
    }

    private static Arguments lacks(String ability, FaultyServer.Script object, String finding) {
        return Arguments.of(ability, object, finding);
    }

    static Stream<Arguments> storesThatLackOneAbility() {
        return Stream.of(
                lacks("Range", turn -> {
                    turn.head(200, "Content-Length: " + turn.length());
                    turn.send(turn.content());
                }, "warn Range: 200 null"),
                lacks("If-Match", turn -> {
                    turn.rightHead();
                    turn.upTo(turn.length());
                }, "warn If-Match: 206 for another ETag"),
                lacks("echo for Range", turn -> (turn.isForRest() ? turn.withLanguage(null) : turn).right(),
                        "warn Range: response-content-language is applied to complete objects only"),
                lacks("echo", turn -> turn.withLanguage(null).right(),
                        "warn response-content-language: not applied"),
                lacks("ETag", turn -> {
                    turn.headOf(null, "HTTP/1.1 200 OK", "Content-Length: " + turn.length());
                    turn.send(turn.content());
                }, "warn ETag: none that is strong, or less than 2 bytes"),
                lacks("checksum", FaultyServer.Turn::right, "warn checksum: the store sends none"),
                lacks("the right bytes", turn -> turn.right("x-amz-checksum-crc32c: AAAAAA=="),
                        "broken Data read has a different checksum than expected"),
                lacks("the object", turn -> turn.error(404, "NoSuchKey"), "broken NoSuchKey (404)"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("storesThatLackOneAbility")
    void missingAbilityIsNamed(String ability, FaultyServer.Script object, String finding) {
        try (FaultyServer store = new FaultyServer()) {
            store.putAt("demo/a.bin", FILE, object);

            assertThat(examined(store)).anySatisfy(found -> assertThat(found).startsWith(finding));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "v1   | clean    | ok versions: v1     | ok tag scan: clean",
        "''   | infected | warn versions: none | warn tag scan: infected",
        "null | ''       | warn versions: null | warn tag scan: missing",
        "v1   | denied   | ok versions: v1     | broken tags: AccessDenied (403)"})
    void tagsAndTheirPermissionAreTried(String version, String tag, String versions, String finding) {
        try (FaultyServer store = new FaultyServer()) {
            store.putAt("demo/a.bin", FILE, turn -> {
                if (turn.versionOfTags() == null) {
                    turn.right(version.isEmpty() ? "x-any: 1" : "x-amz-version-id: " + version);
                } else if (tag.equals("denied")) {
                    turn.error(403, "AccessDenied");
                } else {
                    turn.tags(tag.isEmpty() ? new String[0] : new String[] {"scan", tag});
                }
            });
            Map<String, Object> settings = new HashMap<>(EmbeddedS3.settings(store.endpoint()));
            settings.put("filestream.s3.required-tags.scan", "clean");
            Doctor doctor = Doctor.run(settings, "--object", "standard/demo/a.bin");

            assertThat(doctor.of("standard")).contains(versions, finding);
            assertThat(doctor.output().contains("s3:GetObjectTagging and s3:GetObjectVersionTagging"))
                    .isEqualTo(tag.equals("denied"));
        }
    }

    /** A store that fails, the words for it, and the advice. */
    private record Fault(String endpoint, String reason, String advice, String... settings) {

        void addTo(Map<String, Object> all, String branch) {
            String prefix = "filestream.storage." + branch + ".";
            all.put(prefix + "type", "s3");
            all.put(prefix + "bucket", "films");
            all.put(prefix + "key", "${variable.tenantId}/${variable.objectKey}");
            all.put(prefix + "s3.endpoint", endpoint);
            for (int i = 0; i < settings.length; i += 2) {
                all.put(prefix + "s3." + settings[i], settings[i + 1]);
            }
        }
    }

    private String refusing(int status, String code, String message) {
        FaultyServer store = closing(new FaultyServer());
        store.probes(turn -> turn.head(status, "Content-Length: 0"));
        store.putEverywhere(FILE, turn -> turn.error(status, code, message));
        return store.endpoint().toString();
    }

    private String secured(EmbeddedS3 plain, TestCa.Issued certificate) throws Exception {
        return closing(new FaultyServer(plain.endpoint(), certificate.server())).endpoint().toString();
    }

    private FaultyServer closing(FaultyServer store) {
        stores.add(store);
        return store;
    }

    private List<Fault> faults(TestCa ca, EmbeddedS3 plain) throws Exception {
        String nobody;
        try (ServerSocket closed = new ServerSocket(0)) {
            nobody = "http://127.0.0.1:" + closed.getLocalPort();
        }
        return List.of(
                new Fault(refusing(403, "InvalidAccessKeyId", ""), "InvalidAccessKeyId (403)",
                        "Correct {s}access-key: the store does not know access key ...-key"),
                new Fault(refusing(403, "SignatureDoesNotMatch", ""), "SignatureDoesNotMatch (403)",
                        "Correct {s}secret-key or {s}access-key (access key ...-key)"),
                new Fault(refusing(403, "RequestTimeTooSkewed", ""), "RequestTimeTooSkewed (403)",
                        "Set the clocks of the store and of this machine by NTP"),
                new Fault(refusing(400, "AuthorizationHeaderMalformed", "The region is wrong; expecting 'eu-1'"),
                        "AuthorizationHeaderMalformed (400): The region is wrong; expecting 'eu-1'",
                        "Set {s}region to eu-1"),
                new Fault(refusing(404, "NoSuchBucket", ""), "NoSuchBucket (404)", "Create the bucket, or correct"),
                new Fault(refusing(405, "", ""), "HTTP 405", "Set {s}path-style-access to true",
                        "path-style-access", "false"),
                new Fault("http://store.invalid", "films.store.invalid", "Set {s}path-style-access to true",
                        "path-style-access", "false"),
                new Fault("http://store.invalid", "store.invalid", "Correct {s}endpoint, or the DNS of this machine"),
                new Fault(nobody, "Connection refused", "Start the store, or correct {s}endpoint"),
                new Fault(plain.endpoint().toString().replace("http:", "https:"),
                        "Unsupported or unrecognized SSL message", "Set {s}endpoint to http://"),
                new Fault(secured(plain, ca.issue()), "unable to find valid certification path",
                        "Set {s}ssl-bundle to a bundle with the CA of the store"),
                new Fault(secured(plain, ca.issueForAnotherHost()), "elsewhere.example.com",
                        "Set {s}endpoint to a name that is in the certificate of the store", "ssl-bundle", "store"));
    }

    @Test
    void faultHasTheWordsOfTheStoreAndItsOwnAdvice() throws Exception {
        TestCa ca = new TestCa("faults");
        List<Fault> faults;
        Doctor doctor;
        try (EmbeddedS3 plain = EmbeddedS3.inMemory(List.of("films"))) {
            faults = faults(ca, plain);
            Map<String, Object> settings = new HashMap<>(EmbeddedS3.settings(plain.endpoint()));
            settings.put("spring.ssl.bundle.pem.store.truststore.certificate", ca.pem());
            IntStream.range(0, faults.size()).forEach(i -> faults.get(i).addTo(settings, "branch" + i));
            doctor = Doctor.run(settings);
        }

        for (int i = 0; i < faults.size(); i++) {
            Fault fault = faults.get(i);
            assertThat(doctor.of("branch" + i)).singleElement().asString().startsWith("broken ")
                    .contains(fault.reason());
            assertThat(doctor.output().split("branch" + i + ": ")[1].lines().skip(1).findFirst().orElseThrow())
                    .contains("-> " + fault.advice().replace("{s}", "filestream.storage.branch" + i + ".s3."));
        }
    }
}
