package org.ccmessaging.filestream.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.commons.lang3.function.FailableConsumer;
import org.ccmessaging.filestream.failure.FileServiceRefusedException;
import org.ccmessaging.filestream.failure.ObjectNotFoundException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.failure.StorageUnreachableException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.support.OpenFiles;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The step opens and reads files of folders that somebody changes meanwhile. */
@Timeout(300)
class OpenFileTest {

    private static final String OWN = "own file";
    private static final String CANARY = "another's";

    private final CamelContext context = new DefaultCamelContext();
    @TempDir
    private Path root;
    private Path home;

    @BeforeEach
    void twoTenants() throws IOException {
        home = Files.createDirectories(root.resolve("demo"));
        Files.writeString(Files.createDirectories(home.resolve("folder")).resolve("file.txt"), OWN);
        Files.writeString(Files.createDirectories(root.resolve("other")).resolve("file.txt"), CANARY);
    }

    private static OpenFile step(Path root) {
        return step(root, 64, Duration.ofSeconds(60));
    }

    private static OpenFile step(Path root, int mostOpens, Duration longestOpen) {
        return new OpenFile(StorageOf.all(StorageOf.folder(root, "${variable.tenantId}/${variable.objectKey}", false)),
                ShippedSettings.of("filestream.download", DownloadSettings.class, Map.of(
                        "filestream.download.max-in-flight", mostOpens,
                        "filestream.download.max-in-flight-per-session", mostOpens,
                        "filestream.download.max-file-size", "1MB",
                        "filestream.download.first-byte-timeout", longestOpen)));
    }

    private Exchange exchange(String tenant, String key) {
        Exchange exchange = new DefaultExchange(context);
        Confined.to(exchange, new ObjectLocation("local", tenant, key));
        return exchange;
    }

    private static String read(Exchange exchange) {
        StoredObject object = exchange.getMessage().getBody(StoredObject.class);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte[] buffer = new byte[7];
        while (!object.ended()) {
            content.write(buffer, 0, object.fill(buffer));
        }
        return content.toString();
    }

    /** The file's content, or the class of the failure. */
    private Object download(OpenFile step, String name) {
        return download(step, "demo", "demo/" + name);
    }

    private Object download(OpenFile step, String tenant, String key) {
        Exchange exchange = exchange(tenant, key);
        try {
            step.process(exchange);
            return read(exchange);
        } catch (RuntimeException failure) {
            return failure.getClass();
        } finally {
            exchange.getUnitOfWork().done(exchange);
        }
    }

    /** Counts the outcomes of downloads while another thread makes the change again and again. */
    private Map<Object, Integer> outcomes(OpenFile step, String name, int downloads, OwnThread.Work change) {
        Map<Object, Integer> outcomes = new HashMap<>();
        AtomicBoolean opened = new AtomicBoolean();
        CompletableFuture<Integer> changes = OwnThread.supply(() -> {
            int made = 0;
            for (; !opened.get(); made++) {
                change.run();
            }
            return made;
        });
        try {
            for (int i = 0; i < downloads && outcomes.getOrDefault(StorageUnreachableException.class, 0) < 3; i++) {
                outcomes.merge(download(step, name), 1, Integer::sum);
            }
        } finally {
            opened.set(true);
        }
        assertThat(changes.join()).as("changes while files were opened").isGreaterThan(100);
        return outcomes;
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void folderThatIsSwappedForALinkWhileFilesAreOpenedNeverLeadsToAnotherTenant() throws IOException {
        Path folder = home.resolve("folder");
        Path aside = home.resolve("aside");
        Path link = Files.createSymbolicLink(home.resolve("link"), Path.of("../other"));
        Map<Object, Integer> outcomes = outcomes(step(root), "folder/file.txt", 20_000, () -> {
            move(folder, aside);
            move(link, folder);
            move(folder, link);
            move(aside, folder);
        });

        assertThat(outcomes).containsKeys(OWN, ObjectNotFoundException.class).doesNotContainKey(CANARY);
        assertThat(outcomes.keySet()).isSubsetOf(
                OWN, ObjectNotFoundException.class, FileServiceRefusedException.class, ReadBrokenException.class);
    }

    /** As Kubernetes mounts a ConfigMap: a change swaps the link {@code ..data}. */
    @Test
    void branchsFolderMayBeALinkAndMayLeadElsewhereLater() throws IOException {
        Path data = Files.createSymbolicLink(root.resolve("..data"), Path.of("."));
        OpenFile step = step(data);
        assertThat(download(step, "folder/file.txt")).isEqualTo(OWN);
        Files.writeString(Files.createDirectories(root.resolve("second/demo/folder")).resolve("file.txt"), "new");
        move(Files.createSymbolicLink(root.resolve("..next"), Path.of("second")), data);
        assertThat(download(step, "folder/file.txt")).isEqualTo("new");
    }

    @Test
    void nameThatNoFileSystemKnowsFindsNothing() {
        for (String name : List.of("x".repeat(256), "\0", "folder/file.txt/x")) {
            assertThat(download(step(root), name)).isEqualTo(ObjectNotFoundException.class);
        }
    }

    @Test
    void branchWithoutItsFolderRefuses() throws IOException {
        for (Path folder : List.of(root.resolve("nowhere"), home.resolve("folder/file.txt"))) {
            assertThat(download(step(folder), "a.txt")).isEqualTo(FileServiceRefusedException.class);
        }
    }

    @Test
    @Timeout(30)
    void whatIsNoRegularFileIsRefusedWithoutBlocking() throws Exception {
        makeFifo(home.resolve("pipe"));
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(home.resolve("socket")));

            for (String name : List.of("pipe", "pipe/x", "socket", "socket/x", "folder")) {
                assertThat(download(step(root), name)).as(name).isEqualTo(ObjectNotFoundException.class);
            }
        }
        for (String device : List.of("null", "zero", "tty", "ptmx")) {
            assertThat(download(step(Path.of("/dev")), "", device)).isEqualTo(ObjectNotFoundException.class);
        }
    }

    @Test
    void fileThatTheServiceMayNotReadIsRefused() throws IOException {
        assumeThat(System.getProperty("user.name")).as("root may read all").isNotEqualTo("root");
        Files.setPosixFilePermissions(home.resolve("folder/file.txt"), Set.of());
        assertThat(download(step(root), "folder/file.txt")).isEqualTo(FileServiceRefusedException.class);
    }

    private static void makeFifo(Path path) throws Exception {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
    }

    /** The FIFO replaces the file between the check and the open, so no check can find it. */
    @Test
    void fifoThatTakesAFilesPlaceKeepsNoRequestForEver() throws Exception {
        Path name = home.resolve("changing");
        Path file = Files.writeString(home.resolve("kept"), OWN);
        Path fifo = home.resolve("pipe");
        makeFifo(fifo);
        // A link of its own for each turn, so that the name is always there.
        Map<Object, Integer> outcomes = outcomes(step(root, 64, Duration.ofMillis(100)), "changing", 2_000, () -> {
            move(Files.createLink(home.resolve("next"), file), name);
            move(Files.createLink(home.resolve("next"), fifo), name);
        });
        assertThat(outcomes.keySet()).isSubsetOf(OWN, ObjectNotFoundException.class, ReadBrokenException.class,
                StorageUnreachableException.class);

        // Opening the other end frees the threads. Both ends at once, so that this waits for nobody.
        try (RandomAccessFile writer = new RandomAccessFile(fifo.toFile(), "rw")) {
            assertThat(writer.getFD().valid()).isTrue();
            await().until(() -> OpenFiles.below(root).equals(List.of(fifo)));
        }
    }

    @Test
    void requestsDoNotWaitForOpensThatHangWhoseFilesAreClosedInTheEnd() {
        CountDownLatch hang = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(2);
        OpenFile step = step(root, 2, Duration.ofMillis(50));
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(StorageUnreachableException.class).isThrownBy(() -> step.open(() -> {
                assertThatNoException().isThrownBy(hang::await);
                return closed::countDown;
            })).withMessageContaining("opening takes more than");
        }
        assertThatExceptionOfType(StorageUnreachableException.class)
                .isThrownBy(() -> step.process(exchange("demo", "demo/folder/file.txt")))
                .withMessage("too many files are being opened");

        hang.countDown();
        await().until(() -> closed.getCount() == 0);
        await().until(() -> download(step, "folder/file.txt").equals(OWN));
    }

    @Test
    void everyDescriptorIsClosedWhateverComesOfTheDownload() throws Exception {
        makeFifo(home.resolve("pipe"));
        Files.write(home.resolve("too-large"), new byte[2_000_000]);
        OpenFile step = step(root);
        for (int i = 0; i < 200; i++) {
            for (String name : List.of("folder/file.txt", "folder", "folder/nowhere", "pipe", "too-large", "nowhere/x",
                    "folder/file.txt/x")) {
                download(step, name);
            }
            Exchange unread = exchange("demo", "demo/folder/file.txt");
            step.process(unread);
            unread.getUnitOfWork().done(unread);
        }

        assertThat(OpenFiles.below(root)).isEmpty();
    }

    static List<Named<FailableConsumer<Path, IOException>>> changes() {
        return List.of(
                Named.of("overwritten, with its former time", file -> {
                    FileTime time = Files.getLastModifiedTime(file);
                    Files.writeString(file, "new file");
                    Files.setLastModifiedTime(file, time);
                }),
                Named.of("cut", file -> Files.writeString(file, "own")),
                Named.of("longer", file -> Files.writeString(file, "x", StandardOpenOption.APPEND)),
                Named.of("replaced by a file of the same size and time", file -> {
                    Path other = Files.writeString(file.resolveSibling("other.txt"), "new file");
                    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
                    move(other, file);
                }),
                Named.of("gone", Files::delete),
                Named.of("below a link", file -> {
                    move(file.getParent(), file.getParent().resolveSibling("aside"));
                    Files.createSymbolicLink(file.getParent(), Path.of("../other"));
                }));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void fileThatChangesDuringTheReadIsBroken(FailableConsumer<Path, IOException> change) throws Exception {
        Exchange exchange = exchange("demo", "demo/folder/file.txt");
        step(root).process(exchange);
        change.accept(home.resolve("folder/file.txt"));
        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> read(exchange));
        exchange.getUnitOfWork().done(exchange);
    }
}
