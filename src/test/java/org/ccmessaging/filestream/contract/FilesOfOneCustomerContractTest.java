package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BROKEN_TAIL;
import static org.ccmessaging.filestream.support.Outcomes.FILE_SERVICE_REFUSED;
import static org.ccmessaging.filestream.support.Outcomes.OBJECT_KEY_MISSING;
import static org.ccmessaging.filestream.support.Outcomes.success;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer.Script;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract section 10: with {@code s3.owner-metadata}, only the user whom an object's metadata names gets it. */
@Tag("service")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage.s3", texts = "Response rejected")
class FilesOfOneCustomerContractTest {

    private static final String OWNER = "x-amz-meta-user-id: ";
    private static final byte[] SMALL = Stage.content(40);
    private static final byte[] LARGE = Stage.content(400_000);

    @AutoClose
    private static FaultyServer store;
    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        store = new FaultyServer();
        stage = stage(Map.of());
    }

    private static Stage stage(Map<String, Object> more) throws Exception {
        Map<String, Object> settings = new HashMap<>(Map.of("filestream.s3.owner-metadata", "User-Id",
                "filestream.s3.circuit-open-time", "0s"));
        settings.putAll(more);
        return Stage.impatient(store, settings);
    }

    private static Answer download(Stage from, String branch, String name, String userId) {
        return from.api().download(request(branch, name),
                Api.credentials(TestTokens.session().claim("userId", userId)));
    }

    private static String download(String name, String userId) {
        return download(stage, "standard", name, userId).text();
    }

    private static void put(String name, byte[] content, String... headers) {
        store.put(name, content, turn -> turn.right(headers));
    }

    /** The bytes of UTF-8, each of which the store sends as a character of a header. */
    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"alice | alice", "Grüße 文件 😀 | Grüße 文件 😀",
        "Müller | =?UTF-8?Q?M=C3=BCller?=", "Müller | =?utf-8?b?TcO8bGxlcg==?=", "a,b | a,b"})
    void customerGetsTheFilesThatTheMetadataNames(String userId, String metadata) {
        put("own-small", SMALL, OWNER + utf8(metadata));
        put("own-large", LARGE, OWNER + utf8(metadata), "x-amz-meta-other: bob");

        assertThat(download("own-small", userId)).isEqualTo(success(SMALL));
        assertThat(download("own-large", userId)).isEqualTo(success(LARGE));
    }

    /** Of the composed form of a letter, the decomposed one is another ID. The last two rows have malformed bytes. */
    static Stream<List<String>> othersFiles() {
        return Stream.of(List.of("alice", OWNER + "bob"), List.of("alice", OWNER + "Alice"), List.of("alice", OWNER),
                List.of("alice"), List.of("alice", OWNER + "alice", OWNER + "alice"),
                List.of("alice", OWNER + "bob", OWNER + "alice"), List.of("alice", OWNER + "alice,bob"),
                List.of("alice", OWNER + "alic"), List.of("alice", OWNER + "alicea"),
                List.of("alice", "x-amz-meta-userid: alice"), List.of("alice", OWNER + "=?UTF-8?B?alice"),
                List.of("é", OWNER + utf8("e\u0301")), List.of("Müller", OWNER + "Müller"),
                List.of(utf8("Müller"), OWNER + utf8("Müller")), List.of("=?UTF-8?Q?bob?=", OWNER + "=?UTF-8?Q?bob?="),
                List.of("M\uFFFDller", OWNER + "M\u00fcller"), List.of("M\uFFFD", OWNER + "=?UTF-8?Q?M=FC?="));
    }

    @ParameterizedTest
    @MethodSource("othersFiles")
    void fileOfAnotherCustomerOrOfNobodyDoesNotExist(List<String> userIdAndHeaders) {
        String userId = userIdAndHeaders.get(0);
        String[] headers = userIdAndHeaders.stream().skip(1).toArray(String[]::new);
        put("others-small", SMALL, headers);
        put("others-large", LARGE, headers);
        put("others-empty", new byte[0], headers);

        for (String name : new String[] {"others-small", "others-large", "others-empty"}) {
            assertThat(download(name, userId)).as(name).isEqualTo(FILE_SERVICE_REFUSED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "multimedia-library", "standard"})
    void responseTellsNobodyThatTheFileExistsAndLogAndMetricNameTheCause(String branch) {
        String failure = branch.equals("multimedia-library") ? OBJECT_KEY_MISSING : FILE_SERVICE_REFUSED;
        put("of-bob", SMALL, OWNER + "bob");
        Answer missing = download(stage, branch, "missing", "alice");
        try (LoggedLines lines = LoggedLines.ofAll()) {
            Answer ofBob = download(stage, branch, "of-bob", "alice");

            assertThat(missing.text()).isEqualTo(failure);
            assertThat(ofBob.text()).isEqualTo(failure);
            assertThat(ofBob.headerNames()).isEqualTo(missing.headerNames());
            await().untilAsserted(() -> assertThat(lines.list()).map(line -> String.valueOf(line.getKeyValuePairs()))
                    .anySatisfy(pairs -> assertThat(pairs).contains("cause=\"not-owner\"", "branch=\"" + branch + "\"")
                            .doesNotContain("=\"bob\"")));
        }
        await().untilAsserted(() -> assertThat(stage.metrics()).contains("filestream_downloads_total{branch=\"" + branch
                + "\",cause=\"not-owner\""));
        await().untilAsserted(() -> assertThat(stage.metric("filestream_s3_connections{branches=\"local,"
                + "multimedia-library,standard\",state=\"leased\"}")).isZero());
    }

    /** The store sends no owner with the rest, as with any response to a range of a proxy that drops headers. */
    @Test
    void readResumesOnTheComparedVersionAndOnNoOther() {
        Script breaks = turn -> {
            turn.rightHead(OWNER + "alice");
            turn.endAfter(200_000);
        };
        store.put("resumed", LARGE, turn -> {
            if (turn.isForRest()) {
                turn.right();
            } else {
                breaks.respond(turn);
            }
        });
        store.put("replaced", LARGE, turn -> {
            if (turn.isForRest()) {
                assertThat(turn.headers("If-Match")).containsExactly("\"one\"");
                turn.headOf("\"two\"", "HTTP/1.1 206 Part", "Content-Length: " + (turn.length() - turn.from()),
                        turn.contentRange(), OWNER + "bob");
                turn.upTo(turn.length());
            } else {
                breaks.respond(turn);
            }
        });

        assertThat(download("resumed", "alice")).isEqualTo(success(LARGE));
        assertThat(download("replaced", "alice")).endsWith(BROKEN_TAIL);
    }

    static Stream<Script> faultsBeforeTheOwnerIsKnown() {
        return Stream.of(turn -> turn.error(403, "AccessDenied"), turn -> turn.error(500, "InternalError"), Turn::close,
                turn -> turn.headOf("\"one\"", "HTTP/1.1 206 Part", OWNER + "alice", "Content-Length: 40",
                        "Content-Range: bytes 0-39/40"),
                turn -> turn.withLanguage("x-of-another").right(OWNER + "alice"),
                turn -> {
                    turn.rightHead(OWNER + "alice");
                    turn.endAfter(20);
                });
    }

    @ParameterizedTest
    @MethodSource("faultsBeforeTheOwnerIsKnown")
    void faultOfTheStoreIsNoSuccess(Script fault) {
        put("first", SMALL, OWNER + "alice");
        assertThat(download("first", "alice")).as("a response with its nonce").isEqualTo(success(SMALL));
        store.put("faulty", SMALL, fault);

        assertThat(download("faulty", "alice")).doesNotContain("\"resultCode\":\"0\"");
    }

    @Test
    void linkIsForTheOwnerAndNamesTheComparedVersion() throws Exception {
        put("first", SMALL, OWNER + "alice");
        put("film", LARGE, OWNER + "alice", "x-amz-version-id: v1");
        put("unversioned", LARGE, OWNER + "alice");
        put("of-bob", LARGE, OWNER + "bob", "x-amz-version-id: v2");
        try (Stage links = stage(Map.of("filestream.download.file-url", "presigned",
                "filestream.download.file-url-only-above", "100KB"))) {
            // The first response of the store shows that it may send links.
            assertThat(download(links, "standard", "first", "alice").text()).isEqualTo(success(SMALL));

            Answer film = download(links, "standard", "film", "alice");
            assertThat(film.text()).contains("versionId=v1").doesNotContain("fileStream");
            assertThat(Api.fetch(film.json().get("fileUrl").asText()).bytes()).isEqualTo(LARGE);
            assertThat(download(links, "standard", "unversioned", "alice").text()).isEqualTo(success(LARGE));
            assertThat(download(links, "standard", "of-bob", "alice").text()).isEqualTo(FILE_SERVICE_REFUSED);
        }
    }

    @Test
    void branchWithoutTheSettingServesTheFilesOfItsTenant() throws Exception {
        put("of-bob", SMALL, OWNER + "bob");
        try (Stage mixed = Stage.impatient(store, Map.of("filestream.storage.local.s3.owner-metadata", "user-id"))) {
            assertThat(download(mixed, "standard", "of-bob", "alice").text()).isEqualTo(success(SMALL));
            assertThat(download(mixed, "local", "of-bob", "alice").text()).isEqualTo(FILE_SERVICE_REFUSED);
        }
    }
}
