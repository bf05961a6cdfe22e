package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.AbstractStringAssert;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.FileSystemUtils;

/** Changes that the watch of the route files detects. Most tests poll it themselves and do not depend on time. */
@ExpectedErrors.Of(logger = "org.springframework.scheduling", texts = "once")
class FolderWatchTest {

    private static final String A = "a.camel.yaml";
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path temp;
    private Path folder;
    @AutoClose
    private FolderWatch watch;
    private long seconds;
    private boolean again;
    private final List<RouteFiles> changes = new CopyOnWriteArrayList<>();
    private final List<String> unreadable = new ArrayList<>();

    @BeforeEach
    void writeFirstSet() throws IOException {
        folder = Files.createDirectory(temp.resolve("routes"));
        write(A, "one");
        write("b.camel.yaml", "two");
    }

    private void watch() {
        watch = new FolderWatch(folder, unreadable::add, () -> TimeUnit.SECONDS.toNanos(seconds));
        watch.begin(RouteFiles.read(folder));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    /** Writes the first file, and reads the folder so often. */
    private void edit(String text, int polls) throws IOException {
        write(A, text);
        poll(polls);
    }

    private void poll(int times) {
        for (int i = 0; i < times; i++) {
            watch.poll();
            if (again) {
                watch.settle(null);
            }
            watch.change().ifPresent(change -> {
                watch.settle(change);
                changes.add(change);
            });
        }
    }

    /** Reads the folder for longer than the service waits, and returns the only report. */
    private AbstractStringAssert<?> assertUnreadable() {
        poll(1);
        assertThat(unreadable).isEmpty();
        seconds += 11;
        poll(2);
        assertThat(changes).isEmpty();
        return assertThat(unreadable).singleElement().asString();
    }

    private static String text(RouteFiles files, String name) {
        return files.contents().entrySet().stream().filter(file -> file.getKey().endsWith(name))
                .map(file -> new String(file.getValue())).findFirst().orElse(null);
    }

    private String lastText() {
        return text(changes.get(changes.size() - 1), A);
    }

    private void assertChanges(int count, String lastText) {
        assertThat(changes).hasSize(count);
        assertThat(lastText()).isEqualTo(lastText);
    }

    @Test
    void unchangedFolderIsNoChange() throws IOException {
        watch();
        poll(5);
        edit("one", 5);

        assertThat(changes).isEmpty();
        assertThat(unreadable).isEmpty();
    }

    @Test
    void changeIsReportedOnceAndOnlyAfterTwoEqualReadings() throws IOException {
        watch();
        edit("edited", 1);
        assertThat(changes).isEmpty();
        poll(1);
        assertThat(changes).hasSize(1);
        poll(5);

        assertChanges(1, "edited");
        assertThat(changes.get(0).folder()).isEqualTo(folder);
    }

    /** The reported set may have been rejected: the files before it are a change then. */
    @Test
    void editThatIsRevertedAfterItWasReportedIsAChange() throws IOException {
        watch();
        edit("edited", 2);
        edit("one", 2);

        assertChanges(2, "one");
    }

    @Test
    void sameFilesAreReportedAgainOnRequest() throws IOException {
        watch();
        edit("edited", 2);
        again = true;
        poll(1);
        again = false;
        poll(5);

        assertChanges(2, "edited");
    }

    @Test
    void newDeletedAndRenamedFilesAreChanges() throws IOException {
        watch();
        write("c.camel.yaml", "three");
        poll(2);
        Files.delete(folder.resolve("c.camel.yaml"));
        poll(2);
        Files.move(folder.resolve("b.camel.yaml"), folder.resolve("z.camel.yaml"));
        poll(2);

        assertThat(changes).extracting(RouteFiles::names).containsExactly(List.of(A, "b.camel.yaml", "c.camel.yaml"),
                List.of(A, "b.camel.yaml"), List.of(A, "z.camel.yaml"));
    }

    @Test
    void filesThatAreNoRoutesAreNoChange() throws IOException {
        watch();
        write("README.md", "text");
        write(".a.camel.yaml", "the copy of an editor");
        Files.createDirectory(folder.resolve("d.camel.yaml"));
        Files.createDirectory(folder.resolve("tests"));
        Files.writeString(folder.resolve("tests/notes.txt"), "text");
        poll(3);

        assertThat(changes).isEmpty();
    }

    /** As VS Code does: the file is empty, then half, then complete. */
    @Test
    void editorThatWritesInPlaceIsReportedOnceWithTheCompleteFile() throws IOException {
        watch();
        edit("", 3);
        edit("half", 1);
        Files.writeString(folder.resolve(A), " and the rest", StandardOpenOption.APPEND);
        poll(2);

        assertChanges(1, "half and the rest");
        assertThat(unreadable).isEmpty();
    }

    /** As vim does: the old file gets another name, and the new one takes its place. */
    @Test
    void editorThatRenamesIsReportedOnce() throws IOException {
        watch();
        Files.move(folder.resolve(A), folder.resolve(A + "~"));
        poll(1);
        edit("edited", 1);
        Files.delete(folder.resolve(A + "~"));
        poll(2);

        assertChanges(1, "edited");
    }

    /** The kubelet makes a folder for each version, and swaps the link ..data, through which the files' links go. */
    @Test
    void everySwapOfKubernetesLinkIsReportedOnce() throws IOException {
        folder = Files.createDirectory(temp.resolve("configmap"));
        version("..2026_01", "first");
        Files.createSymbolicLink(folder.resolve(A), Path.of("..data", A));
        watch();
        poll(3);
        assertThat(changes).isEmpty();

        for (String version : List.of("second", "third", "fourth")) {
            version("..2026_" + version, version);
            poll(3);
        }

        assertThat(changes).extracting(files -> text(files, A)).containsExactly("second", "third", "fourth");
    }

    private void version(String name, String text) throws IOException {
        Path version = Files.createDirectory(folder.resolve(name));
        Files.writeString(version.resolve(A), text);
        Path link = folder.resolve("..data");
        Path before = Files.exists(link) ? link.toRealPath() : null;
        Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of(name));
        Files.move(folder.resolve("..data_tmp"), link, StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        if (before != null) {
            FileSystemUtils.deleteRecursively(before);
        }
    }

    /** As git-sync does, and as a deployment by {@code ln -sfn}. */
    @Test
    void everySwapOfALinkToTheFolderIsReportedOnce() throws IOException {
        Path link = Files.createSymbolicLink(temp.resolve("current"), folder);
        folder = link;
        watch();
        for (String version : List.of("second", "third")) {
            Path next = Files.createDirectory(temp.resolve(version));
            Files.writeString(next.resolve(A), version);
            Files.move(Files.createSymbolicLink(temp.resolve("next"), next), link, StandardCopyOption.ATOMIC_MOVE);
            poll(3);
        }

        assertThat(changes).extracting(files -> text(files, A)).containsExactly("second", "third");
    }

    @Test
    void emptyFileIsNoChangeYetAndIsReportedOnceAfterTenSeconds() throws IOException {
        watch();
        edit("", 1);
        seconds = 10;

        assertUnreadable().isEqualTo(folder.resolve(A) + " is empty, for more than 10 s. The active routes stay, and"
                + " the service loads the folder when it can read it");
    }

    @Test
    void unreadableFolderIsReportedAgainOnlyAfterItWasReadable() throws IOException {
        watch();
        write(A, "");
        for (seconds = 0; seconds < 100; seconds += 5) {
            poll(1);
        }
        edit("edited", 2);
        write(A, "");
        for (; seconds < 200; seconds += 5) {
            poll(1);
        }

        assertThat(unreadable).hasSize(2);
        assertThat(changes).hasSize(1);
    }

    @Test
    void readingsBeforeAndAfterAGapAreNoQuiet() throws IOException {
        watch();
        edit("edited", 1);
        edit("", 1);
        edit("edited", 1);
        assertThat(changes).isEmpty();
        poll(1);
        assertThat(changes).hasSize(1);
    }

    @Test
    void folderThatIsDeletedAndMadeAgainIsReadAgain() throws IOException {
        watch();
        FileSystemUtils.deleteRecursively(folder);
        assertUnreadable().startsWith(folder + " cannot be read: it does not exist, for more than 10 s");

        Files.createDirectory(folder);
        poll(2);
        edit("back", 2);

        assertChanges(1, "back");
    }

    @Test
    void folderWithoutRoutesIsNotYet() throws IOException {
        watch();
        Files.delete(folder.resolve(A));
        Files.delete(folder.resolve("b.camel.yaml"));

        assertUnreadable().startsWith(folder + " holds no *.camel.yaml file");
    }

    @Test
    void linkThatLeadsNowhereIsNamed() throws IOException {
        watch();
        Path link = Files.createSymbolicLink(folder.resolve("c.camel.yaml"), Path.of("nowhere"));

        assertUnreadable().startsWith(link + " cannot be read: it does not exist");
    }

    @Test
    void fileInPlaceOfTheFolderIsNamed() throws IOException {
        watch();
        FileSystemUtils.deleteRecursively(folder);
        Files.writeString(folder, "no folder");

        assertUnreadable().startsWith(folder + " cannot be read: it is not a folder");
    }

    @Test
    void pipeThatNobodyWritesIsNamedAndNotOpened() throws Exception {
        watch();
        Path pipe = folder.resolve("c.camel.yaml");
        Path elsewhere = folder.resolve("pipe");
        makePipe(elsewhere);
        Files.createSymbolicLink(pipe, elsewhere);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> poll(1));
        Files.delete(pipe);
        makePipe(pipe);

        assertTimeoutPreemptively(Duration.ofSeconds(60), this::assertUnreadable)
                .startsWith(pipe + " cannot be read: it is no regular file");
    }

    /** Whoever can write to the folder cannot read the host through the service. */
    @ParameterizedTest
    @CsvSource({"c.camel.yaml, ../host/secret", "c.camel.yaml, link-to-link", "c.camel.yaml, link-to-folder/secret",
        "c.camel.yaml, ../routes2/a.camel.yaml", "c.camel.yaml, /dev/zero"})
    void linkOutOfTheFolderIsNamedAndNotFollowed(String link, String target) throws Exception {
        Path host = Files.createDirectory(temp.resolve("host"));
        Files.writeString(host.resolve("secret"), "FILESTREAM_SECRET=secret");
        Files.writeString(Files.createDirectory(temp.resolve("routes2")).resolve(A), "secret");
        Files.createSymbolicLink(folder.resolve("link-to-link"), Path.of("../host/secret"));
        Files.createSymbolicLink(folder.resolve("link-to-folder"), host);
        Files.createDirectory(folder.resolve("tests"));
        watch();
        Files.createSymbolicLink(folder.resolve(link), Path.of(target));

        assertUnreadable().startsWith(folder.resolve(link)
                + " cannot be read: it is a link to a file outside the folder of routes");
    }

    /** Reads while a folder on the way of a link, and a link out of the folder, take the same name in turn. */
    @Test
    void linkIsNotFollowedOutOfTheFolderWhileAFolderOnItsWayIsReplaced() throws Exception {
        Path host = Files.createDirectory(temp.resolve("host"));
        Files.writeString(host.resolve("text"), "of the host");
        Path way = Files.createDirectory(folder.resolve("way"));
        Files.writeString(way.resolve("text"), "of the folder");
        Files.createSymbolicLink(folder.resolve("c.camel.yaml"), Path.of("way/text"));
        Path other = Files.createSymbolicLink(folder.resolve("other"), host);
        AtomicBoolean swapping = new AtomicBoolean(true);
        CompletableFuture<Void> swaps = CompletableFuture.runAsync(() -> {
            File aside = new File(folder.toFile(), "aside");
            while (swapping.get()) {
                for (Path next : List.of(way, other)) {
                    way.toFile().renameTo(next.equals(way) ? aside : other.toFile());
                    (next.equals(way) ? other.toFile() : aside).renameTo(way.toFile());
                }
            }
        });
        Set<String> read = new HashSet<>();
        try {
            for (int i = 0; i < 5_000; i++) {
                try {
                    read.add(text(RouteFiles.read(folder), "c.camel.yaml"));
                } catch (UncheckedIOException refused) {
                    read.add("refused");
                }
            }
        } finally {
            swapping.set(false);
            swaps.get();
        }

        assertThat(read).containsExactlyInAnyOrder("refused", "of the folder");
    }

    private static void makePipe(Path path) throws Exception {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
    }

    /** Root reads everything. */
    @Test
    void lostPermissionIsNamedAndOvercome() throws IOException {
        watch();
        Path file = write(A, "edited");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isReadable(file)).isFalse();
        assertUnreadable().startsWith(file + " cannot be read: permission denied");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        poll(2);

        assertThat(lastText()).isEqualTo("edited");
    }

    /** An operator who has the folder read must not make a half-written file look complete. */
    @Test
    void readingOutOfTurnIsNoSecondReading() throws IOException {
        watch();
        poll(1);
        write(A, "half");
        assertThat(watch.read(SOON).files().contents()).containsKey(folder.resolve(A));
        poll(1);
        assertThat(changes).isEmpty();
        edit("half and the rest", 2);

        assertChanges(1, "half and the rest");
    }

    @Test
    void folderThatDoesNotRespondIsNamedAndHoldsUpNobody() throws Exception {
        HangingFolder mount = new HangingFolder(folder);
        AtomicLong time = new AtomicLong();
        watch = new FolderWatch(mount.path(), unreadable::add, () -> TimeUnit.SECONDS.toNanos(time.get()));
        watch.begin(RouteFiles.read(folder));
        String reason = folder + " does not respond";
        mount.hang();

        assertThat(watch.read(Duration.ofMillis(100)).unreadable()).isEqualTo(reason);
        assertThat(watch.latest().unreadable()).isNull();
        time.set(11);
        assertThat(watch.latest().unreadable()).isEqualTo(reason);
        assertThat(watch.change()).isEmpty();
        time.set(22);
        assertThat(watch.change()).isEmpty();
        assertThat(unreadable).singleElement().asString().startsWith(reason + ", for more than 10 s");

        mount.comeBack();
        assertThat(watch.read(SOON).unreadable()).isNull();
        assertThat(watch.latest().unreadable()).isNull();
    }

    @Test
    void readingThatFailsWithAnErrorIsFollowedByAnother() {
        AtomicInteger readings = new AtomicInteger();
        watch = new FolderWatch(folder, unreadable::add, () -> {
            if (readings.incrementAndGet() == 1) {
                throw new StackOverflowError("once");
            }
            return 0;
        });
        watch.start();

        await().untilAsserted(() -> assertThat(readings).hasValueGreaterThan(1));
    }
}
