package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.reload.LiveRoutes;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The proofs of an edit in the process of a command: {@code routes rehearse} and {@code routes reload}. */
@Tag("service")
@ResourceLock(Stage.MBEANS)
@ExpectedErrors.Of(logger = "filestream", texts = "a test wants it so")
class ProofTest {

    private static final String FOLDER = "filestream.routes.directory";
    private static final String TEST = """
            - test: a file of standard storage
              files: { standard: { demo/a.txt: hello } }
              request: { fileId: a.txt }
              expect: { resultCode: "0", file: hello }
            """;

    @TempDir
    private static Path folder;
    private static OwnRoutes routes;
    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        routes = new OwnRoutes(Files.createDirectory(folder.resolve("routes")));
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of(FOLDER, routes.folder().toString(),
                "filestream.console.username", "jo", "filestream.console.password", "only for tests"));
        stage.put("standard", "a.txt", Stage.content(100));
        stage.put("local", "b.txt", Stage.content(100));
        System.setProperty(FOLDER, routes.folder().toString());
        Stage.BRANCHES.forEach(branch -> System.setProperty("filestream.storage." + branch + ".type", "filesystem"));
    }

    @BeforeEach
    void restore() throws IOException {
        restoreFiles();
        live().reload("the test before", true);
        download("a.txt");
        download("missing.txt");
        download("local/b.txt");
    }

    @AfterAll
    static void forget() {
        System.getProperties().keySet().removeIf(key -> key.toString().startsWith("filestream."));
    }

    private LiveRoutes live() {
        return stage.service().bean(LiveRoutes.class);
    }

    private int generation() {
        return live().status().serving().number();
    }

    private void download(String fileId) {
        stage.api().download(request(fileId.startsWith("local/") ? "local" : "standard",
                fileId.replace("local/", "")), credentials(TestTokens.access().sign(), TestTokens.session().sign()));
    }

    private CommandRun run(String... arguments) {
        return CommandRun.of(Map.of("FILESTREAM_CONSOLE_PASSWORD", "only for tests",
                "FILESTREAM_CONSOLE_USERNAME", "jo")::get, new StringWriter(), Stream.of(List.of("routes"),
                List.of(arguments), List.of("--url", stage.service().management().base().toString()))
                .flatMap(List::stream).toArray(String[]::new));
    }

    /** Sends the missing file, and the other one of standard storage, to where nothing is. */
    private static void restoreFiles() throws IOException {
        routes.restore();
        Files.createDirectory(routes.folder().resolve("tests"));
        Files.writeString(routes.folder().resolve("tests/a.test.yaml"), TEST);
    }

    private void loseStandard() throws IOException {
        routes.replace("storage-standard", "${variable.request.fileId}", "elsewhere/${variable.request.fileId}");
    }

    @Test
    void rehearsalComparesTheActiveFilesWithThoseOfAnyFolderAndIsAudited() throws Exception {
        OwnRoutes edit = new OwnRoutes(folder.resolve("edit"));
        try (LoggedLines audit = new LoggedLines("audit")) {
            CommandRun same = run("rehearse", edit.folder().toString());

            assertThat(same.status()).as(same.err()).isZero();
            assertThat(same.lines()).hasSize(4).last().asString().matches("3 requests in \\d+\\.\\d s: no difference");
            assertThat(audit.list()).filteredOn(line -> line.getMessage().equals("routes requests read"))
                    .singleElement().satisfies(line -> assertThat(line.getKeyValuePairs()).asString()
                            .contains("by=\"command user jo\"", "requests=\"3\""));
        }
        edit.replace("storage-standard", "${variable.request.fileId}", "elsewhere/${variable.request.fileId}");
        CommandRun lost = run("rehearse", edit.folder().toString());

        assertThat(lost.status()).isEqualTo(1);
        assertThat(lost.lines()).hasSize(6).endsWith("  1  1 of 3 get another key in branch standard",
                "  2  1 of 3 get another key in branch standard, got 0 and get 13: `file-service-refused`,"
                        + " step open-file");
        assertThat(String.join("\n", lost.lines())).doesNotContain("a.txt");

        CommandRun test = run("rehearse", edit.folder().toString(), "--as-test", "2");
        assertThat(test.status()).isZero();
        assertThat(test.lines().get(0)).startsWith("- test: \"a request of a customer ends as before");
        assertThat(String.join("\n", test.lines())).contains("a.txt");
    }

    @Test
    void reloadActivatesOnlyWhatPassesTheTestsAndTheRehearsal() throws Exception {
        int before = generation();
        routes.replace("storage-standard", "ref: resolveKey", "ref: resolvKey");
        assertThat(run("reload").lines()).last().isEqualTo("12 files, 1 error, 0 warnings");

        restoreFiles();
        loseStandard();
        assertThat(run("reload")).satisfies(tested -> {
            assertThat(tested.status()).isEqualTo(1);
            assertThat(tested.lines()).contains("FAILED  a file of standard storage");
        });
        assertThat(generation()).isEqualTo(before);
    }

    /** Tests do not see an edit that only some customers meet. */
    @Test
    void reloadStopsAtLostRequestsUntilSomebodyAcceptsThem() throws Exception {
        int before = generation();
        routes.replace("choose-storage", "startsWith 'local/'", "startsWith 'locals/'");

        CommandRun refused = run("reload");
        assertThat(refused.status()).as(refused.err()).isEqualTo(1);
        assertThat(refused.lines()).last().asString().startsWith("  1  1 of 3 go to branch standard (were local)");
        assertThat(generation()).isEqualTo(before);

        CommandRun accepted = run("reload", "--accept");
        assertThat(accepted.status()).as(accepted.err()).isZero();
        assertThat(accepted.lines()).last().asString().startsWith("generation " + (before + 1) + " serves");
    }
}
