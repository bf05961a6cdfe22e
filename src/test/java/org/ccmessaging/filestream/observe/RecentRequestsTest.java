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
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        stage.link().breakForGood(1_000, FaultyServer.Fault.CLOSE);
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

    /** Requests that one process keeps, of customers that a test invents. */
    private static RecentRequests recent(int places) {
        return new RecentRequests(ShippedSettings.of("filestream.routes", RoutesSettings.class,
                Map.of("filestream.routes.rehearsal", Integer.toString(places))));
    }

    private static void add(RecentRequests recent, String tenant, String user, String fileId, String code) {
        recent.add(new Seen(
                new Asked(tenant, "web-1", "app", new DownloadRequest(fileId, "WEB", "txt", null), Map.of()),
                code, fileId.startsWith("local/") ? "local" : "standard", tenant + "/" + fileId, 1, null, false),
                user.hashCode(), code.equals("0"));
    }

    private static List<String> fileIds(RecentRequests recent, String tenant) {
        return recent.list().stream().filter(each -> each.asked().tenant().equals(tenant))
                .map(each -> each.asked().request().fileId()).toList();
    }

    @Test
    void lastDistinctRequestsStayWithTheirLastOutcome() {
        RecentRequests recent = recent(30);
        for (int i = 0; i < 27; i++) {
            add(recent, "acme", "user-" + i, "before-" + i, "0");
        }
        add(recent, "acme", "jo", "before-0", "0");
        add(recent, "acme", "jo", "missing", "13");
        add(recent, "acme", "bo", "before-2", "13");
        add(recent, "acme", "jo", "missing", "0");
        add(recent, "acme", "mo", "last", "0");

        assertThat(fileIds(recent, "acme")).hasSize(28).doesNotHaveDuplicates().doesNotContain("before-1")
                .contains("before-0", "before-2", "before-3", "missing", "last");
        assertThat(recent.list()).filteredOn(each -> each.code().equals("13"))
                .extracting(each -> each.asked().request().fileId()).containsExactly("before-2");
    }

    @Test
    void aloneASessionFillsThePlacesAndGivesThemUpToOthers() {
        RecentRequests recent = recent(1_000);
        for (int i = 0; i < 2_000; i++) {
            add(recent, "acme", "jo", "jo-" + i, "0");
        }
        assertThat(fileIds(recent, "acme")).hasSize(900).contains("jo-1999");

        for (int i = 0; i < 800; i++) {
            add(recent, "acme", "user-" + i, "a-" + i, "0");
            add(recent, "acme", "jo", "jo-" + i % 900, "0");
        }

        assertThat(fileIds(recent, "acme")).hasSize(900).filteredOn(fileId -> fileId.startsWith("a-")).hasSize(800);
    }

    /** Served requests are distinct too if a file has another ID, file type or header each time. */
    @ParameterizedTest
    @CsvSource({"1, 0, jo, 13", "1, 0, jo, 0", "8, 0, jo, 0", "8, 8, jo, 0", "8, 8, many, 0", "8, 8, many, 13"})
    void nobodyEvictsTheServedRequestsOfOthers(int tenants, String tenant, String user, String code) {
        RecentRequests recent = recent(1_000);
        for (int i = 0; i < 800; i++) {
            add(recent, Integer.toString(i % tenants), "user-" + i / 4, "local/" + i, "0");
        }
        for (int i = 0; i < 10_000; i++) {
            add(recent, tenant, user.equals("many") ? "user-" + i : user, "flood-" + i, code);
        }

        assertThat(recent.list()).hasSizeBetween(850, 1_000).filteredOn(each -> each.branch().equals("local"))
                .as("requests by which a rehearsal notices that files of agents go elsewhere").hasSize(800);
    }
}
