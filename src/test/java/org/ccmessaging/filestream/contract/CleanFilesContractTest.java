package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.EMPTY_FILE;
import static org.ccmessaging.filestream.support.Outcomes.NOT_CLEAN;
import static org.ccmessaging.filestream.support.Outcomes.READ_BROKEN;
import static org.ccmessaging.filestream.support.Outcomes.success;

import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer.Script;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Only an object whose tags have the verdict of a scanner leaves. {@code RequiredTagsTest} has what is remembered. */
@Tag("service")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage.s3", texts = "Response rejected")
class CleanFilesContractTest {

    private static final String TAG = "GuardDutyMalwareScanStatus";
    private static final String CLEAN = "NO_THREATS_FOUND";
    private static final byte[] SMALL = Stage.content(40);
    private static final byte[] LARGE = Stage.content(400_000);

    @AutoClose
    private static FaultyServer store;
    @AutoClose
    private static Stage stage;

    /** The versions whose tags the service has asked for. */
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() throws Exception {
        store = new FaultyServer();
        stage = stage(Map.of());
    }

    private static Stage stage(Map<String, Object> more) throws Exception {
        Map<String, Object> settings = new HashMap<>(Map.of("filestream.s3.circuit-open-time", "0s",
                "filestream.storage.standard.s3.required-tags." + TAG, CLEAN));
        settings.putAll(more);
        return Stage.impatient(store, settings);
    }

    private String download(Stage from, String name) {
        return from.api().download(request("standard", name)).text();
    }

    private String download(String name) {
        return download(stage, name);
    }

    /**
     * Lets a script respond to requests for the tags of an object, and to those for the object like the right one. A
     * list on a connection that carried another request could be the verdict on another object.
     */
    private Script object(String version, Script tags) {
        return turn -> {
            if (turn.versionOfTags() == null) {
                turn.right(version == null ? new String[0] : new String[] {"x-amz-version-id: " + version});
                return;
            }
            asked.add(turn.versionOfTags());
            assertThat(turn.headers("Connection")).containsExactly("close");
            tags.respond(turn);
        };
    }

    private void put(String name, byte[] content, String version, String... tags) {
        store.put(name, content, object(version, turn -> turn.tags(tags)));
    }

    private void assertCause(String cause, String name, String response) {
        String downloads = "filestream_downloads_total{branch=\"standard\",cause=\"" + cause + "\",resultCode=\"13\"}";
        double before = stage.metric(downloads);
        try (LoggedLines lines = LoggedLines.ofAll()) {
            assertThat(download(name)).isEqualTo(response);

            await().untilAsserted(() -> assertThat(lines.list()).map(line -> String.valueOf(line.getKeyValuePairs()))
                    .anySatisfy(pairs -> assertThat(pairs).contains("cause=\"" + cause + "\"")
                            .containsPattern("reason=\"[^\"]*" + Pattern.quote(name))));
        }
        await().until(() -> stage.metric(downloads) == before + 1);
        await().until(() -> stage.metric("filestream_s3_connections{branches=\"standard\",state=\"leased\"}") == 0);
    }

    @Test
    void objectThatTheScannerFoundCleanIsServedAndItsVerdictIsReadOnce() {
        put("small.txt", SMALL, "v1", "other", "x", TAG, CLEAN);
        put("large.txt", LARGE, "v/1+&=", TAG, CLEAN);
        put("unversioned.txt", SMALL, null, TAG, CLEAN);

        for (int i = 0; i < 2; i++) {
            assertThat(download("small.txt")).isEqualTo(success(SMALL));
            assertThat(download("large.txt")).isEqualTo(success(LARGE));
            assertThat(download("unversioned.txt")).isEqualTo(success(SMALL));
        }
        assertThat(asked).containsExactly("v1", "v%2F1%2B%26%3D", "");
    }

    /** Another value, and some that only resemble the accepted one. */
    @ParameterizedTest
    @ValueSource(strings = {"THREATS_FOUND", "", "no_threats_found", "NO_THREATS_FOUND ", "NO_THREATS_FOUND<!---->2"})
    void objectWithAnotherVerdictIsRefused(String verdict) {
        String name = "bad-" + verdict.length();
        put(name, SMALL, "v1", TAG, verdict);
        put("large-" + name, LARGE, "v1", TAG, verdict);

        assertCause("not-clean", name, NOT_CLEAN);
        assertCause("not-clean", "large-" + name, NOT_CLEAN);
    }

    /** {@code StoreErrorFuzzTest} has malformed lists of tags. */
    static Stream<Script> unreadable() {
        return Stream.of(turn -> turn.error(403, "AccessDenied"), turn -> turn.error(404, "NoSuchKey"),
                turn -> turn.error(501, "NotImplemented"), turn -> turn.error(500, "InternalError"),
                Turn::close, Turn::reset, turn -> turn.head(204), turn -> turn.head(200, "Content-Length: 0"),
                turn -> {
                    turn.head(200, "Content-Length: 1000");
                    turn.send("<Tagging><TagSet><Tag><Key>" + TAG + "</Key><Value>" + CLEAN + "</Value></Tag></TagSet>"
                            + "</Tagging>");
                    turn.close();
                },
                turn -> turn.tags(TAG, CLEAN, TAG, "THREATS_FOUND"),
                turn -> turn.tags(TAG, "THREATS_FOUND", TAG, CLEAN),
                turn -> turn.tags(TAG, CLEAN, "long", "x".repeat(70_000)),
                Turn::right);
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void objectWhoseTagsCannotBeReadIsNeverServed(Script tags) {
        store.put("unreadable-small", SMALL, object("v1", tags));
        store.put("unreadable-large", LARGE, object(null, tags));

        assertCause("broken", "unreadable-small", READ_BROKEN);
        assertCause("broken", "unreadable-large", READ_BROKEN);
    }

    @ParameterizedTest
    @CsvSource({"503, SlowDown", "500, InternalError"})
    void requestForTagsIsRepeatedLikeAGet(int status, String code) {
        store.put("busy-" + status, SMALL, object("v1", turn -> {
            if (asked.size() == 1) {
                turn.error(status, code);
            } else {
                turn.tags(TAG, CLEAN);
            }
        }));

        assertThat(download("busy-" + status)).isEqualTo(success(SMALL));
        assertThat(asked).hasSize(2);
    }

    @Test
    void tagsThatComeAfterTheDeadlineAreTooLate() throws Exception {
        store.put("slow.txt", SMALL, object("v1", turn -> {
            turn.pause(5_000);
            turn.tags(TAG, CLEAN);
        }));
        try (Stage hurried = stage(Map.of("filestream.download.first-byte-timeout", "2s"))) {
            assertThat(download(hurried, "slow.txt")).isEqualTo(READ_BROKEN);
        }
    }

    @Test
    void tagsOfAnEmptyObjectAndOfABranchThatRequiresNoneAreNotRead() {
        put("empty.txt", new byte[0], "v1");
        put("library.txt", SMALL, "v1");

        assertThat(download("empty.txt")).isEqualTo(EMPTY_FILE);
        assertThat(stage.api().download(request("multimedia-library", "library.txt")).text()).isEqualTo(success(SMALL));
        assertThat(asked).isEmpty();
    }

    @Test
    void linkNamesTheVersionWhoseVerdictWasReadAndThereIsNoneWithoutVersions() throws Exception {
        put("link.txt", SMALL, "v1", TAG, CLEAN);
        put("film.txt", LARGE, "v2", TAG, CLEAN);
        put("unversioned.txt", LARGE, null, TAG, CLEAN);
        put("suspended.txt", LARGE, "null", TAG, CLEAN);
        put("infected.txt", LARGE, "v1", TAG, "THREATS_FOUND");
        put("unscanned.txt", LARGE, "v1");
        store.put("denied.txt", LARGE, object("v1", turn -> turn.error(403, "AccessDenied")));
        try (Stage links = stage(Map.of("filestream.download.file-url", "presigned",
                "filestream.download.file-url-only-above", "100KB"))) {
            // The first response of the store shows that it may send links.
            assertThat(download(links, "link.txt")).contains("\"fileUrl\":\"").contains("versionId=v1");
            assertThat(download(links, "film.txt")).contains("versionId=v2").doesNotContain("fileStream");
            assertThat(asked).containsExactly("v1", "v2");
            assertThat(download(links, "unversioned.txt")).isEqualTo(success(LARGE));
            assertThat(download(links, "suspended.txt")).isEqualTo(success(LARGE));
            assertThat(download(links, "infected.txt")).isEqualTo(NOT_CLEAN);
            assertThat(download(links, "unscanned.txt")).isEqualTo(NOT_CLEAN);
            assertThat(download(links, "denied.txt")).isEqualTo(READ_BROKEN);
            String link = links.api().download(request("standard", "film.txt")).json().get("fileUrl").asText();
            assertThat(Api.fetch(link).bytes()).isEqualTo(LARGE);
        }
    }

    @Test
    void downloadsThatWaitForTagsTakeNoConnectionOfOthers() throws Exception {
        put("large-1", LARGE, "v1", TAG, CLEAN);
        try (Stage one = stage(Map.of("filestream.storage.standard.s3.max-connections", "1",
                "filestream.storage.standard.s3.required-tags-cache", "0s"))) {
            assertThat(download(one, "large-1")).isEqualTo(success(LARGE));
            assertThat(download(one, "large-1")).isEqualTo(success(LARGE));
        }
    }
}
