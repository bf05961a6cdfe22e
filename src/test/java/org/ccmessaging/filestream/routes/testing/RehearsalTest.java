package org.ccmessaging.filestream.routes.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.observe.RecentRequests.Asked;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.testing.Rehearsal.Difference;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a rehearsal says of edits: names wrong ones, and lets right ones pass. */
@Tag("service")
@ExpectedErrors.Of(logger = "filestream",
        texts = {"unforeseen", "no keys", "a test wants it so", "Failed to invoke method"})
class RehearsalTest {

    @TempDir
    private Path folder;

    private Suite suite(String name) {
        return new Suite(FileStreamApplication.class, RouteFiles.read(folder.resolve(name)), Installation.SETTINGS,
                false);
    }

    private Rehearsal rehearse(RehearsedEdits edit, List<Seen> seen) throws Exception {
        RehearsedEdits.active(folder.resolve("active"));
        edit.make(folder.resolve("edit"));
        return rehearse(seen);
    }

    private Rehearsal rehearse(List<Seen> seen) throws Exception {
        return Rehearsal.of(suite("active"), suite("edit"), seen, stage -> { });
    }

    private static RehearsedEdits edit(String name) {
        return Stream.concat(RehearsedEdits.wrong(), RehearsedEdits.right())
                .filter(edit -> edit.name().equals(name)).findFirst().orElseThrow();
    }

    /** Runs tests of routes, and returns the names of those that fail. */
    private List<String> failures(String name, List<TestCase> tests) {
        List<String> failures = new ArrayList<>();
        suite(name).run(tests, result -> {
            if (!result.passed()) {
                failures.add(result.test().name());
            }
        });
        return failures;
    }

    @Test
    void requestsThatGoToAnotherBranchAreNamedInGroupsAndOneBecomesATestThatOnlyTheEditFails() throws Exception {
        Rehearsal rehearsal = rehearse(edit("prefix without its slash"), Installation.requests(200));

        assertThat(rehearsal.lines()).hasSize(3).satisfies(lines -> {
            assertThat(lines.get(0)).matches("200 requests in \\d+\\.\\d s: 20 differ");
            assertThat(lines.get(1)).isEqualTo("19 of 200 go to branch archive (were standard), got 0 and get 13:"
                    + " `file-service-refused`, step get-object");
            assertThat(lines.get(2)).isEqualTo("1 of 200 go to branch archive (were standard)");
        });
        assertThat(rehearsal.losesRequests()).isTrue();
        assertThat(rehearsal.tooFew()).isEmpty();
        List<TestCase> test = TestFiles.parse(
                Map.of(Path.of("a.test.yaml"), rehearsal.asTest(1).getBytes(StandardCharsets.UTF_8)));
        assertThat(failures("active", test)).isEmpty();
        assertThat(failures("edit", test)).hasSize(1);
        assertThatThrownBy(() -> rehearsal.asTest(3)).hasMessageContaining("there is no group 3");
    }

    /** The objects of the replays have the tags that give the outcome. */
    @Test
    void requestsForFilesThatAScannerRefusedEndAsBefore() throws Exception {
        List<Seen> seen = Installation.requests(60).stream().filter(each -> each.branch().equals("standard")
                && each.size() >= 0).map(each -> each.asked().request().fileId().length() % 2 == 0 ? each
                        : new Seen(each.asked(), "13", each.branch(), each.key(), each.size(), null, true)).toList();
        RehearsedEdits.active(folder.resolve("active"));
        Map<String, String> settings = new TreeMap<>(Installation.SETTINGS);
        settings.put("filestream.storage.standard.s3.required-tags.scan", "clean");
        Suite active = new Suite(FileStreamApplication.class, RouteFiles.read(folder.resolve("active")), settings,
                false);

        Rehearsal rehearsal = Rehearsal.of(active, active, seen, stage -> { });

        assertThat(seen).extracting(Seen::notClean).contains(true, false);
        assertThat(rehearsal.groups()).isEmpty();
        assertThat(rehearsal.repeated()).isEqualTo(seen.size());
    }

    /** Somebody prints the test on a terminal. */
    @Test
    void testOfARequestHasAsciiAloneAndNamesTheSameFile() {
        String fileId = "a\u202e\u001b[31m\u007f\n\u00fc\ud83d\ude00.pdf";
        Seen seen = new Seen(new Asked("acme", "web-1", "app", new DownloadRequest(fileId, "WEB", "pdf", null),
                Map.of()), "0", "standard", "acme/" + fileId, 5, null, false);

        Outcome served = Outcome.NONE.with("0", Set.of(), null, null);
        String test = new Rehearsal(List.of(seen), 1, 1, 1, List.of(Map.entry("go elsewhere", List.of(
                new Difference(0, served, served, "go elsewhere", true))))).asTest(1);

        assertThat(test).matches("[ -~\n]+");
        assertThat(TestFiles.parse(Map.of(Path.of("a.test.yaml"), test.getBytes(StandardCharsets.UTF_8))))
                .singleElement().satisfies(parsed -> {
                    assertThat(parsed.request().get("fileId").text()).isEqualTo(fileId);
                    assertThat(parsed.files().get("standard").members()).containsOnlyKeys("acme/" + fileId);
                });
    }

    /** Their values may be other ones in each response. */
    @Test
    void responseHeadersThatAnEditAddsOrRemovesAreNamedAndOneRequestBecomesATest() throws Exception {
        String step = "        - choice:\n            id: choose-branch\n";
        String header = "        - setHeader: {id: NAME, name: NAME, simple: {expression: '${uuid}'}}\n";
        String version = header.replace("NAME", "X-Service-Version");
        String cache = header.replace("NAME", "Cache-Control");
        RehearsedEdits.active(folder.resolve("active")).replace("choose-storage", step, cache + step);
        OwnRoutes edit = RehearsedEdits.active(folder.resolve("edit"));
        edit.replace("choose-storage", step, version + step);
        List<Seen> seen = Installation.requests(20);

        Rehearsal replaced = rehearse(seen);
        edit.replace("choose-storage", version, version + cache);
        Rehearsal added = rehearse(seen);

        assertThat(replaced.lines()).hasSize(2).element(1)
                .isEqualTo("20 of 20 lose header Cache-Control, get header X-Service-Version");
        assertThat(replaced.losesRequests()).isFalse();
        assertThat(added.lines()).hasSize(2).element(1).isEqualTo("20 of 20 get header X-Service-Version");
        List<TestCase> tests = Stream.of(replaced, added).flatMap(rehearsal -> TestFiles.parse(Map.of(
                Path.of("a.test.yaml"), rehearsal.asTest(1).getBytes(StandardCharsets.UTF_8))).stream()).toList();
        assertThat(failures("active", tests)).isEmpty();
        assertThat(failures("edit", tests)).hasSize(2);
    }

    /** Their files may be there: nobody has asked for one. */
    @Test
    void requestsThatGoToABranchThatNobodyHasReadAreNamedAndNotLost() throws Exception {
        Rehearsal rehearsal = rehearse(edit("files that have moved to a new branch"), Installation.requests(200));

        assertThat(rehearsal.lines()).element(1).asString()
                .matches("\\d+ of 200 go to branch reports \\(were standard\\), of which no request has read");
        assertThat(rehearsal.losesRequests()).isFalse();
    }

    /** A user, a time or the response of another system decided, or the settings are not those of the service. */
    @Test
    void outcomesThatTheActiveRoutesDoNotRepeatAreNoDifferenceAndNoProof() throws Exception {
        List<Seen> seen = Installation.requests(50).stream().map(each -> new Seen(each.asked(), each.code(), "reports",
                "elsewhere/" + each.key(), each.size(), each.lookedUp(), false)).toList();

        Rehearsal rehearsal = rehearse(edit("log line in a branch"), seen);

        assertThat(rehearsal.groups()).isEmpty();
        assertThat(rehearsal.tooFew()).hasValueSatisfying(reason -> assertThat(reason)
                .startsWith("too few results: with the active files, 0 of 50 requests have"));
    }

    /** A call would be a line of the log, which no test expects. */
    @Test
    void rehearsalCallsNoOtherSystemAndKeepsCustomersPace() throws Exception {
        assertThat(rehearse(edit("webhook"), Installation.requests(50)).lines()).singleElement().asString()
                .endsWith("no difference");
        assertThat(rehearse(edit("throttle of one tenant"), Installation.requests(100)).lines()).singleElement()
                .asString().endsWith("no difference");
    }

    @Tag("soak")
    @Test
    void wrongEditsPassTheShippedTestsAndAreNamed() throws Exception {
        List<Seen> seen = Installation.requests(1_000);
        List<TestCase> shipped = TestFiles.read(Path.of("routes"));
        List<String> unnamed = new ArrayList<>();
        RehearsedEdits.active(folder.resolve("active"));
        for (RehearsedEdits edit : RehearsedEdits.wrong().toList()) {
            edit.make(folder.resolve("edit"));
            assertThat(failures("edit", shipped)).as(edit.name()).isEmpty();
            if (rehearse(seen).groups().isEmpty()) {
                unnamed.add(edit.name());
            }
        }

        assertThat(RehearsedEdits.wrong()).hasSize(30);
        assertThat(unnamed).hasSizeLessThanOrEqualTo(3);
    }

    @Tag("soak")
    @Test
    void rightEditsAreNotRefused() throws Exception {
        List<Seen> seen = Installation.requests(1_000);
        List<String> refused = new ArrayList<>();
        for (RehearsedEdits edit : RehearsedEdits.right().toList()) {
            if (rehearse(edit, seen).losesRequests()) {
                refused.add(edit.name());
            }
        }

        assertThat(RehearsedEdits.right()).hasSize(30);
        assertThat(refused).isEmpty();
    }
}
