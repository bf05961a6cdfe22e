package org.ccmessaging.filestream.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.ccmessaging.filestream.reliability.Promise.EXACT_FILE;
import static org.ccmessaging.filestream.reliability.Promise.READ_BROKE;
import static org.ccmessaging.filestream.reliability.Promise.REFUSED;
import static org.ccmessaging.filestream.support.Api.request;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders that hold something else than a file, and files that change while the service reads them. */
@Tag("full")
@Tag("jar")
class FolderFaultsIT {

    /** More than the buffers between the service and a client that does not read. */
    private static final int LARGE = 24 * 1024 * 1024;

    private static Stage stage;
    private static Path folder;
    private static Resources before;

    @BeforeAll
    static void start() throws Exception {
        stage = Stage.ofJar(Stage.Kind.FILESYSTEM, Map.of("filestream.download.max-file-size", "50MB"));
        folder = stage.root().resolve("standard/demo");
        stage.putAt("standard", "other/secret.txt", Stage.CANARY.getBytes());
        download("nothing");
        before = Resources.of(stage.service());
    }

    @AfterAll
    static void stop() {
        try {
            before.awaitBack(stage.service(), 8);
        } finally {
            stage.close();
        }
    }

    private static Answer download(String name) {
        return stage.api().download(request("standard", name));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_383, 16_384, 16_385, 49_151, 49_152, 49_153, 98_304, 98_305, 1_048_576})
    void fileAtEachBorderOfTheSizesIsExact(int size) {
        byte[] file = Stage.content(size);
        stage.put("standard", "sound-" + size, file);

        EXACT_FILE.check(download("sound-" + size), file);
    }

    /** Makes something in the tenant's folder. */
    private interface Thing {
        void make(Path path) throws Exception;
    }

    private static Arguments thing(String name, Thing thing) {
        return Arguments.of(name, thing);
    }

    private static Stream<Arguments> noFiles() {
        return Stream.of(
                thing("nothing at all", path -> { }),
                thing("a folder", Files::createDirectory),
                thing("a pipe without a writer", path -> new ProcessBuilder("mkfifo",
                        path.toString()).start().waitFor()),
                thing("a socket", path -> ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                        .bind(UnixDomainSocketAddress.of(path)).close()),
                thing("a link to a device", path -> Files.createSymbolicLink(path, Path.of("/dev/zero"))),
                thing("a link to another tenant's file",
                        path -> Files.createSymbolicLink(path, Path.of("../other/secret.txt"))),
                thing("a link to a file of the tenant",
                        path -> Files.createSymbolicLink(path, Files.writeString(path.resolveSibling("own"), "own"))),
                thing("a link to nothing", path -> Files.createSymbolicLink(path, Path.of("nowhere"))),
                thing("a link to itself", path -> Files.createSymbolicLink(path, path.getFileName())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("noFiles")
    void whatIsNoFileOfTheTenantIsRefusedAndBlocksNobody(String name, Thing thing) throws Exception {
        thing.make(folder.resolve("no-file " + name));

        REFUSED.check(download("no-file " + name), new byte[1]);
    }

    @Test
    void fileBelowALinkToAnotherTenantsFolderIsRefused() throws IOException {
        Files.createSymbolicLink(folder.resolve("folder"), folder.resolveSibling("other"));

        REFUSED.check(download("folder/secret.txt"), new byte[1]);
    }

    @Test
    void fileBelowAFileIsRefused() {
        stage.put("standard", "plain", new byte[1]);

        REFUSED.check(download("plain/secret.txt"), new byte[1]);
    }

    @Test
    void fileThatTheServiceMayNotReadIsRefused() throws IOException {
        assumeThat(System.getProperty("user.name")).as("root may read all").isNotEqualTo("root");
        stage.put("standard", "denied", new byte[1]);
        Files.setPosixFilePermissions(folder.resolve("denied"), PosixFilePermissions.fromString("---------"));

        REFUSED.check(download("denied"), new byte[1]);
    }

    /** What happens to a file while the service reads it. */
    private interface Change {
        void apply(Path file) throws IOException;
    }

    private static Arguments change(String name, Promise promise, Change change) {
        return Arguments.of(name, promise, change);
    }

    private static Stream<Arguments> changes() {
        return Stream.of(
                change("nothing", EXACT_FILE, file -> { }),
                change("cut by a byte", READ_BROKE, file -> resize(file, -1)),
                change("cut in front of the reader", READ_BROKE, file -> resize(file, 1000 - LARGE)),
                change("grown by a byte", READ_BROKE, file -> resize(file, 1)),
                change("overwritten at its end", READ_BROKE, FolderFaultsIT::overwriteEnd),
                change("overwritten and touched to another time", READ_BROKE, file -> {
                    overwriteEnd(file);
                    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
                }),
                change("overwritten with its time put back", READ_BROKE, file -> {
                    FileTime time = Files.getLastModifiedTime(file);
                    overwriteEnd(file);
                    Files.setLastModifiedTime(file, time);
                }),
                change("removed", READ_BROKE, Files::delete),
                change("replaced by another", READ_BROKE, file -> {
                    Path another = Files.write(file.resolveSibling("another"), new byte[LARGE]);
                    Files.move(another, file, StandardCopyOption.ATOMIC_MOVE);
                }));
    }

    private static void resize(Path file, int bytes) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(LARGE + bytes);
        }
    }

    private static void overwriteEnd(Path file) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(LARGE - 1000);
            open.write(new byte[1000]);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void fileThatChangesWhileItIsReadIsNeverASuccess(String name, Promise promise, Change change) throws Exception {
        byte[] file = Stage.content(LARGE);
        stage.put("standard", name, file);
        byte[] body;
        try (InputStream in = stage.api().downloadStream(request("standard", name))) {
            byte[] start = in.readNBytes(100_000);
            change.apply(folder.resolve(name));
            byte[] rest = in.readAllBytes();
            body = Arrays.copyOf(start, start.length + rest.length);
            System.arraycopy(rest, 0, body, start.length, rest.length);
        }

        if (promise == READ_BROKE) {
            assertThat(new String(body, body.length - 100, 100)).doesNotContain("\"resultCode\":\"0\"");
        } else {
            promise.check(new Answer(200, HttpHeaders.of(Map.of(), (header, value) -> true), body), file);
        }
        Files.deleteIfExists(folder.resolve(name));
    }
}
