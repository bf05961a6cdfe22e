package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.ccmessaging.filestream.dev.EmbeddedS3;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestCa;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code doctor} finds at a store that works, and at stores that lack one ability each. */
@Tag("service")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage.s3", texts = {
    "does not apply", "the response to another request"})
class DoctorOfStoresTest {

    private static final byte[] FILE = Stage.content(50_000);
    private static final String CRC32C = crc32c();

    @AutoClose
    private static EmbeddedS3 s3;

    @BeforeAll
    static void start() throws Exception {
        s3 = EmbeddedS3.inMemory(List.of("multimedia-library", "standard"));
        s3.put("standard", "demo/a.bin", FILE);
    }

    private static String crc32c() {
        CRC32C sum = new CRC32C();
        sum.update(FILE);
        return Base64.getEncoder().encodeToString(ByteBuffer.allocate(Integer.BYTES).putInt((int) sum.getValue())
                .array());
    }

    private static List<String> examined(FaultyServer store) {
        Doctor doctor = Doctor.json(EmbeddedS3.settings(store.endpoint()), "--object", "standard/demo/a.bin");
        assertThat(store.received()).allMatch(request -> request.startsWith("GET "));
        assertThat(doctor.status()).isEqualTo(doctor.output().contains("\"broken\"") ? 1 : 0);
        return doctor.of("standard");
    }

    @Test
    void withoutANameTheObjectIsOneOfTheBucketAndAnEmptyBucketHasNone() {
        Doctor doctor = Doctor.json(EmbeddedS3.settings(s3.endpoint()));

        assertThat(doctor.of("standard")).contains("ok Range: 206 bytes 1-49999/50000");
        assertThat(doctor.of("multimedia-library")).contains(
                "warn Range, If-Match, response-content-language, checksum: not tried");
        assertThat(doctor.status()).isZero();
    }

    @Test
    void scriptedStoreThatLacksNothingIsOk() {
        try (FaultyServer store = new FaultyServer()) {
            store.putEverywhere(FILE, turn -> missing(turn, ZonedDateTime.now(ZoneOffset.UTC)));
            store.putAt("demo/a.bin", FILE, turn -> turn.right("x-amz-checksum-crc32c: " + CRC32C));

            assertThat(examined(store)).hasSizeGreaterThan(8).allMatch(finding -> finding.startsWith("ok "));
        }
    }

    private static Arguments lacks(String ability, FaultyServer store, String finding) {
        return Arguments.of(ability, store, finding);
    }

    private static void missing(Turn turn, ZonedDateTime date) throws IOException {
        String error = "<Error><Code>NoSuchKey</Code></Error>";
        turn.head(404, "Date: " + date.format(DateTimeFormatter.RFC_1123_DATE_TIME),
                "Content-Length: " + error.length());
        turn.send(error);
    }

    private static FaultyServer store(FaultyServer.Script object) {
        FaultyServer store = new FaultyServer();
        store.putAt("demo/a.bin", FILE, object);
        return store;
    }

    static Stream<Arguments> storesThatLackOneAbility() {
        FaultyServer unbound = store(Turn::right);
        unbound.echo(false);
        FaultyServer closed = new FaultyServer();
        closed.putEverywhere(FILE, turn -> turn.error(403, "AccessDenied"));
        closed.putAt("demo/a.bin", FILE, Turn::right);
        FaultyServer late = new FaultyServer();
        late.putEverywhere(FILE, turn -> missing(turn, ZonedDateTime.now(ZoneOffset.UTC).minusMinutes(16)));
        FaultyServer slow = new FaultyServer();
        slow.putEverywhere(FILE, turn -> missing(turn, ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(14)));
        return Stream.of(
                lacks("Range", store(turn -> {
                    turn.head(200, "Content-Length: " + turn.length());
                    turn.send(turn.content());
                }), "warn Range: 200 null"),
                lacks("If-Match", store(turn -> {
                    turn.rightHead();
                    turn.upTo(turn.length());
                }), "warn If-Match: 206 for another ETag"),
                lacks("echo for Range", store(turn -> {
                    if (turn.isForRest()) {
                        turn.withLanguage(null).right();
                    } else {
                        turn.right();
                    }
                }), "warn Range: the store sent the response to another request"),
                lacks("echo", unbound, "warn response-content-language: not possible with this store: each connection"
                        + " serves one request"),
                lacks("ETag", store(turn -> {
                    turn.headOf(null, "HTTP/1.1 200 OK", "Content-Length: " + turn.length());
                    turn.send(turn.content());
                }), "warn ETag: none that is strong, or less than 2 bytes"),
                lacks("checksum", store(Turn::right), "warn checksum: the store sends none"),
                lacks("the right bytes", store(turn -> turn.right("x-amz-checksum-crc32c: AAAAAA==")),
                        "broken object: IOException: the store's checksum is AAAAAA==, that of the bytes it sent "
                                + CRC32C),
                lacks("the right to list", closed, "warn missing key: 403 AccessDenied"),
                lacks("the object", new FaultyServer(), "broken object: NoSuchKey (404)"),
                lacks("the right time", late, "warn clock: 96"), lacks("the right minute", slow, "warn clock: 8"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("storesThatLackOneAbility")
    void missingAbilityIsNamed(String ability, FaultyServer store, String finding) {
        try (store) {
            assertThat(examined(store)).anySatisfy(found -> assertThat(found).startsWith(finding));
        }
    }

    @ParameterizedTest
    @CsvSource({"presigned, false, true", "presigned, true, false", "off, false, false"})
    void linksThatTheStoreMaySendWithAnotherTypeAreNamed(String fileUrl, boolean echoes, boolean named) {
        try (FaultyServer store = store(Turn::right)) {
            store.echo(echoes);
            Map<String, Object> settings = new HashMap<>(EmbeddedS3.settings(store.endpoint()));
            settings.put("filestream.download.file-url", fileUrl);

            assertThat(Doctor.json(settings, "--object", "standard/demo/a.bin").of("standard")
                    .contains("warn links: files have no fileUrl, because the store may ignore its content type"))
                    .isEqualTo(named);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "v1   | clean    | ok versions: v1     | ok tag scan: clean",
        "''   | infected | warn versions: none | warn tag scan: infected",
        "null | ''       | warn versions: null | warn tag scan: missing",
        "v1   | denied   | ok versions: v1     | broken tags: AccessDenied (403)"})
    void tagsAndTheirPermissionAreTried(String version, String tag, String versions, String finding) {
        try (FaultyServer store = store(turn -> {
            if (turn.versionOfTags() == null) {
                turn.right(version.isEmpty() ? "x-any: 1" : "x-amz-version-id: " + version);
            } else if (tag.equals("denied")) {
                turn.error(403, "AccessDenied");
            } else {
                turn.tags(tag.isEmpty() ? new String[0] : new String[] {"scan", tag});
            }
        })) {
            Map<String, Object> settings = new HashMap<>(EmbeddedS3.settings(store.endpoint()));
            settings.put("filestream.s3.required-tags.scan", "clean");
            Doctor doctor = Doctor.json(settings, "--object", "standard/demo/a.bin");

            assertThat(doctor.of("standard")).contains(versions, finding);
            assertThat(doctor.output().contains("s3:GetObjectTagging and s3:GetObjectVersionTagging"))
                    .isEqualTo(tag.equals("denied"));
        }
    }

    private static Arguments refused(int status, String code, String message, String reason, String advice) {
        FaultyServer store = new FaultyServer();
        store.probes(turn -> turn.head(status, "Content-Length: 0"));
        store.putEverywhere(FILE, turn -> turn.error(status, code, message));
        return Arguments.of(reason, store, Map.of(), advice);
    }

    private static Arguments fault(String reason, Map<String, Object> settings, String advice) {
        return Arguments.of(reason, new FaultyServer(), settings, advice);
    }

    static Stream<Arguments> faultsOfStores() throws Exception {
        String nobody;
        try (ServerSocket closed = new ServerSocket(0)) {
            nobody = "http://127.0.0.1:" + closed.getLocalPort();
        }
        TestCa ca = new TestCa("faults");
        return Stream.of(
                refused(403, "InvalidAccessKeyId", "", "InvalidAccessKeyId (403)",
                        "Correct filestream.s3.access-key: the store does not know access key ...-key"),
                refused(403, "SignatureDoesNotMatch", "", "SignatureDoesNotMatch (403)",
                        "Correct filestream.s3.secret-key or filestream.s3.access-key (access key ...-key)"),
                refused(403, "RequestTimeTooSkewed", "", "RequestTimeTooSkewed (403)",
                        "Set the clocks of the store and of this machine by NTP"),
                refused(400, "AuthorizationHeaderMalformed", "The region 'eu-west-9' is wrong; expecting 'eu-1'",
                        "AuthorizationHeaderMalformed (400): The region 'eu-west-9' is wrong; expecting 'eu-1'",
                        "Set filestream.s3.region to eu-1"),
                refused(404, "NoSuchBucket", "", "NoSuchBucket (404)", "Create the bucket, or correct"
                        + " filestream.storage.standard.bucket"),
                Arguments.of("HTTP 405", refused(405, "", "", "", "").get()[1],
                        Map.of("filestream.s3.path-style-access", "false"),
                        "Set filestream.s3.path-style-access to true"),
                fault("standard.store.invalid", Map.of("filestream.s3.endpoint", "http://store.invalid",
                        "filestream.s3.path-style-access", "false"), "Set filestream.s3.path-style-access to true"),
                fault("store.invalid", Map.of("filestream.s3.endpoint", "http://store.invalid"),
                        "Correct filestream.s3.endpoint, or the DNS of this machine"),
                fault(nobody.substring("http://".length()) + " [/127.0.0.1] failed: Connection refused",
                        Map.of("filestream.s3.endpoint", nobody), "Start the store, or correct filestream.s3.endpoint"),
                fault("Unsupported or unrecognized SSL message", Map.of("filestream.s3.endpoint",
                        s3.endpoint().toString().replace("http:", "https:")), "Set filestream.s3.endpoint to http://"),
                secured(ca, ca.issue(), Map.of(), "unable to find valid certification path",
                        "Set filestream.s3.ssl-bundle to a bundle with the CA of the store"),
                secured(ca, ca.issueForAnotherHost(), trusting(ca), "elsewhere.example.com",
                        "Set filestream.s3.endpoint to a name that is in the certificate of the store"));
    }

    private static Map<String, Object> trusting(TestCa ca) {
        return Map.of("spring.ssl.bundle.pem.store.truststore.certificate", ca.pem(),
                "filestream.s3.ssl-bundle", "store");
    }

    private static Arguments secured(TestCa ca, TestCa.Issued certificate, Map<String, Object> settings,
            String reason, String advice) throws Exception {
        FaultyServer link = new FaultyServer(s3.endpoint(), certificate.server());
        Map<String, Object> all = new HashMap<>(settings);
        all.put("filestream.s3.endpoint", link.endpoint());
        return Arguments.of(reason, link, all, advice);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faultsOfStores")
    void faultHasTheWordsOfTheStoreAndItsOwnAdvice(String reason, AutoCloseable store, Map<String, Object> settings,
            String advice) throws Exception {
        try (store) {
            Map<String, Object> all = new HashMap<>(EmbeddedS3.settings(
                    store instanceof FaultyServer scripted ? scripted.endpoint() : s3.endpoint()));
            all.putAll(settings);
            Doctor doctor = Doctor.json(all);

            assertThat(doctor.of("standard")).singleElement().asString().startsWith("broken storage: ")
                    .contains(reason);
            assertThat(doctor.output()).contains(advice);
        }
    }

    /** Contract section 4.2: an ID that the library does not know gets 401. */
    @Test
    void withoutTheRightToListALibraryWithoutACatalogueIsBroken() {
        try (FaultyServer store = new FaultyServer()) {
            store.putEverywhere(FILE, turn -> turn.error(403, "AccessDenied"));
            Doctor doctor = Doctor.json(EmbeddedS3.settings(store.endpoint()));

            assertThat(doctor.of("multimedia-library")).contains("broken missing key: 403 AccessDenied");
            assertThat(doctor.of("standard")).contains("warn missing key: 403 AccessDenied");
            assertThat(doctor.status()).isEqualTo(1);
        }
    }

    @Test
    void unboundResponsesAreBrokenWhereTheyAreRequired() {
        try (FaultyServer store = store(Turn::right)) {
            store.echo(false);
            Map<String, Object> settings = new HashMap<>(EmbeddedS3.settings(store.endpoint()));
            settings.put("filestream.s3.verify-responses", "require");
            Doctor doctor = Doctor.json(settings, "--object", "standard/demo/a.bin");

            assertThat(doctor.of("standard")).anySatisfy(finding -> assertThat(finding)
                    .startsWith("broken object: ").endsWith("the store sent the response to another request"));
            assertThat(doctor.output()).contains("Set filestream.s3.verify-responses to auto");
        }
    }

    @Test
    void silentStoreIsBrokenAtTheDeadline() {
        try (FaultyServer store = new FaultyServer()) {
            store.probes(Turn::stall);
            Doctor doctor = Doctor.run(EmbeddedS3.settings(store.endpoint()), 0);

            assertThat(doctor.output()).contains("no result within 0 s");
            assertThat(doctor.status()).isEqualTo(1);
        }
    }

    @Test
    void branchHasTheBundleOfItsOwnStore() throws Exception {
        TestCa ca = new TestCa("doctor");
        try (FaultyServer link = new FaultyServer(s3.endpoint(), ca.issue().server())) {
            Map<String, Object> settings = new HashMap<>(EmbeddedS3.settings(link.endpoint()));
            settings.put("spring.ssl.bundle.pem.store.truststore.certificate", ca.pem());
            settings.put("filestream.storage.standard.s3.ssl-bundle", "store");
            Doctor doctor = Doctor.json(settings);

            assertThat(doctor.of("standard")).contains("ok storage: there");
            assertThat(doctor.of("multimedia-library")).last().asString().startsWith("broken storage: ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"archive/a.bin", "standard", "local/helm/small.yaml"})
    void objectThatIsInNoBucketOfABranchIsAWrongArgument(String object) {
        Doctor doctor = Doctor.run(EmbeddedS3.settings(s3.endpoint()), "--object", object);

        assertThat(doctor.status()).isEqualTo(Commands.COULD_NOT_RUN);
        assertThat(doctor.output()).contains("the branches: multimedia-library, standard");
    }
}
