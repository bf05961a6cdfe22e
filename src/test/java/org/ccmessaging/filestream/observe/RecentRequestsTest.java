package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.observe.RecentRequests.Asked;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.FaultyLink;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The requests of customers that a running service keeps for a rehearsal. */
@Tag("service")
class RecentRequestsTest {

    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        stage = Stage.breakable(Map.of("filestream.routes.request-headers", "X-Region"));
        stage.put("standard", "a.txt", "hello".getBytes(StandardCharsets.UTF_8));
        stage.put("standard", "broken.txt", Stage.content(2_000_000));
    }

    private static Seen seen(String fileId) {
        return stage.service().bean(RecentRequests.class).list().stream()
                .filter(each -> fileId.equals(each.asked().request().fileId())).findFirst().orElse(null);
    }

    private static Seen awaitSeen(String fileId) {
        await().until(() -> seen(fileId) != null);
        return seen(fileId);
    }

    private static void download(String fileId, String... headers) {
        stage.api().download(Api.request(fileId, "TXT", null), Api.credentialsAnd(headers));
    }

    @Test
    void servedRequestIsKeptWithItsOutcomeAndWithoutACredential() {
        download("a.txt", "X-Region", "eu", "X-Other", "no route reads it");

        Seen seen = awaitSeen("a.txt");
        assertThat(seen).extracting(Seen::code, Seen::branch, Seen::size, Seen::lookedUp)
                .containsExactly("0", "standard", 5L, null);
        assertThat(seen.key()).isEqualTo(seen.asked().tenant() + "/a.txt");
        assertThat(seen.asked().request()).isEqualTo(new DownloadRequest("a.txt", "WEB", "TXT", null));
        assertThat(seen.asked().headers()).isEqualTo(Map.of("X-Region", "eu"));
        // Tokens are long; the app's key is none.
        assertThat(Stream.of(Api.credentials()).filter(text -> text.length() > 100)).hasSize(2)
                .noneMatch(seen.toString()::contains);
    }

    @Test
    void missingFileAndMissingKeyAreOutcomesThatLast() {
        download("missing.txt");
        assertThat(awaitSeen("missing.txt")).extracting(Seen::code, Seen::branch, Seen::size)
                .containsExactly("13", "standard", -1L);
        download("local/");
        assertThat(awaitSeen("local/")).extracting(Seen::code, Seen::branch, Seen::key)
                .containsExactly("401", "local", null);
    }

    @Test
    void failureOfTheMomentDoesNotReplaceTheOutcomeBefore() {
        download("broken.txt");
        assertThat(awaitSeen("broken.txt").code()).isEqualTo("0");
        stage.link().breakForGood(1_000, FaultyLink.Fault.CLOSE);
        download("broken.txt");
        stage.link().heal();
        download("after.txt");
        awaitSeen("after.txt");

        assertThat(seen("broken.txt").code()).isEqualTo("0");
    }

    @Test
    void requestsThatTheServiceRefusedBeforeTheRoutesOfAuthorsAreNotKept() {
        stage.api().download(Api.request("refused.txt", "exe", null), Api.credentials());
        stage.api().download(Api.request("forged.txt", "txt", null), "x-app-key", "nobody");
        download("x".repeat(2_000));
        download("last.txt");
        awaitSeen("last.txt");

        assertThat(seen("refused.txt")).isNull();
        assertThat(seen("forged.txt")).isNull();
        assertThat(seen("x".repeat(2_000))).isNull();
    }

    @Test
    void lastDistinctRequestsStayWithTheirLastOutcome() {
        RecentRequests recent = new RecentRequests(ShippedSettings.of("filestream.routes", RoutesSettings.class,
                Map.of("filestream.routes.rehearsal", "3")), null);
        for (String fileId : List.of("a", "b", "c", "a", "d")) {
            recent.add(new Seen(new Asked("acme", "web-1", "app", new DownloadRequest(fileId, "WEB", "txt", null),
                    Map.of()), recent.list().size() < 3 ? "13" : "0", "standard", null, -1, null));
        }

        assertThat(recent.list()).extracting(each -> each.asked().request().fileId() + " " + each.code())
                .containsExactly("c 13", "a 0", "d 0");
    }
}
