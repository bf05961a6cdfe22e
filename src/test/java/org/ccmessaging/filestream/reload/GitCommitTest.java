package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code git rev-parse HEAD} says, of repositories that {@code git} has made. */
class GitCommitTest {

    @TempDir
    private Path temp;
    private Path checkout;
    private Path routes;

    /** Runs {@code git} as nobody's configuration wants it otherwise, and returns what it prints. */
    static String git(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-c", "user.name=test", "-c",
                "user.email=test@example.com", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        Process git = builder.start();
        String output = new String(git.getInputStream().readAllBytes()).strip();
        assertThat(git.waitFor()).as(output).isZero();
        return output;
    }

    @BeforeEach
    void commit() throws Exception {
        checkout = Files.createDirectory(temp.resolve("checkout"));
        routes = Files.createDirectory(checkout.resolve("routes"));
        git(checkout, "init", "-q");
        commit("one");
    }

    private String commit(String text) throws Exception {
        Files.writeString(routes.resolve("a.camel.yaml"), text);
        git(checkout, "add", ".");
        git(checkout, "commit", "-q", "-m", text);
        return head(checkout);
    }

    private static String head(Path folder) throws Exception {
        return git(folder, "rev-parse", "HEAD");
    }

    @Test
    void commitOfABranchIsThatOfItsLastCommit() throws Exception {
        assertThat(GitCommit.of(routes)).contains(head(checkout));
        String second = commit("two");

        assertThat(GitCommit.of(routes)).contains(second);
        assertThat(GitCommit.of(checkout)).contains(second);
    }

    @Test
    void relativeFolderAndLinkToAFolderBelongToTheCheckoutOfTheirRealPath() throws Exception {
        Path link = Files.createSymbolicLink(temp.resolve("link"), routes);

        assertThat(GitCommit.of(link)).contains(head(checkout));
        assertThat(GitCommit.of(Path.of("").toAbsolutePath().relativize(routes.toAbsolutePath())))
                .contains(head(checkout));
    }

    @Test
    void branchWithASlashIsRead() throws Exception {
        git(checkout, "checkout", "-q", "-b", "feature/new-branch");
        String commit = commit("two");

        assertThat(GitCommit.of(routes)).contains(commit);
    }

    @Test
    void packedReferencesAreReadAndLooseOnesWin() throws Exception {
        git(checkout, "branch", "-q", "another");
        git(checkout, "tag", "-a", "v1", "-m", "an annotated tag has two lines");
        git(checkout, "pack-refs", "--all");
        String packed = head(checkout);
        assertThat(checkout.resolve(".git/refs/heads/main")).doesNotExist();
        assertThat(GitCommit.of(routes)).contains(packed);

        String loose = commit("two");

        assertThat(loose).isNotEqualTo(packed);
        assertThat(GitCommit.of(routes)).contains(loose);
    }

    @Test
    void detachedHeadIsTheCommitItself() throws Exception {
        String first = head(checkout);
        commit("two");
        git(checkout, "checkout", "-q", "--detach", first);

        assertThat(GitCommit.of(routes)).contains(first);
    }

    @Test
    void worktreeHasACommitOfItsOwn() throws Exception {
        Path worktree = temp.resolve("worktree");
        git(checkout, "worktree", "add", "-q", "-b", "side", worktree.toString());
        String main = commit("two");
        assertThat(worktree.resolve(".git")).isRegularFile();
        assertThat(GitCommit.of(worktree.resolve("routes"))).contains(head(worktree))
                .isNotEqualTo(Optional.of(main));

        git(checkout, "pack-refs", "--all");

        assertThat(GitCommit.of(worktree.resolve("routes"))).contains(head(worktree));
    }

    /** git-sync has worktrees below the repository, relative links to it, and one link to the worktree that counts. */
    @Test
    void linkToADetachedWorktreeWithRelativePathsIsFollowed() throws Exception {
        String first = head(checkout);
        commit("two");
        Path worktree = checkout.resolve(".worktrees").resolve(first);
        git(checkout, "worktree", "add", "-q", "--detach", worktree.toString(), first);
        Path name = checkout.resolve(".git/worktrees").resolve(first);
        assertThat(name).isDirectory();
        Files.writeString(worktree.resolve(".git"), "gitdir: ../../.git/worktrees/" + first + "\n");
        Path link = Files.createSymbolicLink(checkout.resolve("current"), Path.of(".worktrees", first));

        assertThat(GitCommit.of(link.resolve("routes"))).contains(first);
    }

    @Test
    void cloneIsReadThoughItsReferencesArePacked() throws Exception {
        git(temp, "clone", "-q", checkout.toString(), "clone");

        assertThat(GitCommit.of(temp.resolve("clone/routes"))).contains(head(checkout));
    }

    @Test
    void repositoryWithSha256IsRead() throws Exception {
        Path sha256 = Files.createDirectory(temp.resolve("sha256"));
        git(sha256, "init", "-q", "--object-format=sha256");
        git(sha256, "commit", "-q", "--allow-empty", "-m", "one");

        assertThat(GitCommit.of(sha256)).contains(head(sha256)).hasValueSatisfying(hash ->
                assertThat(hash).hasSize(64));
    }

    @Test
    void branchWithoutACommitHasNone() throws Exception {
        Path fresh = Files.createDirectory(temp.resolve("fresh"));
        git(fresh, "init", "-q");

        assertThat(GitCommit.of(fresh)).isEmpty();
    }

    @Test
    void folderOutsideOfACheckoutAndMissingFolderHaveNone() throws Exception {
        assertThat(GitCommit.of(Files.createDirectory(temp.resolve("plain")))).isEmpty();
        assertThat(GitCommit.of(temp.resolve("missing"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "ref: ", "ref: ../../secret", "ref: refs/../../../secret",
        "ref: refs/heads/missing", "ref: refs/heads/loop", "0123"})
    void headThatSaysNothingHasNone(String head) throws Exception {
        Files.writeString(temp.resolve("secret"), "0".repeat(40));
        Files.writeString(checkout.resolve(".git/refs/heads/loop"), "ref: refs/heads/loop");
        Files.writeString(checkout.resolve(".git/HEAD"), head);

        assertThat(GitCommit.of(routes)).isEmpty();
    }

    @Test
    void gitFileThatLeadsNowhereHasNone() throws Exception {
        Path broken = Files.createDirectory(temp.resolve("broken"));
        Files.writeString(broken.resolve(".git"), "gitdir: /nowhere/at/all");
        assertThat(GitCommit.of(broken)).isEmpty();
        Files.write(broken.resolve(".git"), new byte[] {(byte) 0xff, 0, (byte) 0xfe});
        assertThat(GitCommit.of(broken)).isEmpty();
        Files.delete(broken.resolve(".git"));
        Files.createDirectory(broken.resolve(".git"));
        assertThat(GitCommit.of(broken)).isEmpty();
    }
}
