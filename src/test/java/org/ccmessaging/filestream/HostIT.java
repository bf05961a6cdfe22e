package org.ccmessaging.filestream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.READ_BROKEN;

import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.JarProcess;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar on a host that fails it: a full disk, no descriptors, a kill. */
@Tag("full")
@Tag("jar")
@Timeout(600)
class HostIT {

    private static final byte[] SMALL = Stage.content(40_000);

    @TempDir
    private Path root;

    @BeforeEach
    void aFile() throws Exception {
        Files.write(Files.createDirectories(root.resolve("demo")).resolve("small.bin"), SMALL);
    }

    /** A port that the system gives to nobody else meanwhile: it is below those that it chooses from. */
    private static int freePort(int from) throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(from, from + 5_000);
            try (ServerSocket free = new ServerSocket(port)) {
                return free.getLocalPort();
            } catch (BindException taken) {
                // Another then.
            }
        }
    }

    /** A service whose ports need not be read from what it prints. */
    private static JarProcess startOn(String host, Map<String, Object> settings) throws Exception {
        settings.put("server.port", freePort(20_000));
        settings.put("management.server.port", freePort(25_000));
        settings.put(JarProcess.HOST, host);
        JarProcess service = JarProcess.start(settings);
        await().atMost(Duration.ofMinutes(5)).ignoreExceptions().until(() ->
                service.management().get("/actuator/health/readiness").status() == 200);
        return service;
    }

    private static void assertServes(Service service) {
        assertThat(service.api().download(request("standard", "small.bin")).file()).isEqualTo(SMALL);
        assertThat(service.management().get("/actuator/health/liveness").status()).isEqualTo(200);
    }

    @Test
    void fullDiskUnderItsLogStopsNothing() throws Exception {
        try (Service service = startOn("exec >/dev/full 2>&1;", Stage.onFolder(root))) {
            for (int i = 0; i < 1_500; i++) {
                service.api().download(request("standard", "small.bin"));
            }
            assertServes(service);
            assertThat(service.metric("filestream_log_lines_dropped_total")).isZero();
        }
    }

    @Test
    void serviceWritesNoFileSoThatAFullDiskStopsNothing(@TempDir Path temporary) throws Exception {
        Files.write(root.resolve("demo/large.bin"), Stage.content(3_000_000));
        Map<String, Object> settings = Stage.onFolder(root);
        settings.put(JarProcess.JAVA_OPTIONS, "-Djava.io.tmpdir=" + temporary);
        try (Service service = JarProcess.start(settings)) {
            assertServes(service);
            service.api().download(request("standard", "large.bin"));
            service.api().download("x".repeat(60_000), Api.headers());

            try (Stream<Path> files = Files.walk(temporary)) {
                assertThat(files.filter(Files::isRegularFile)).isEmpty();
            }
        }
    }

    @Test
    void withoutDescriptorsDownloadsFailAndLaterTheServiceRecovers() throws Exception {
        try (Service service = startOn("ulimit -n 100;", Stage.onFolder(root))) {
            // The client keeps this connection, so that its requests reach the service.
            assertServes(service);
            List<Socket> idle = new ArrayList<>();
            try {
                // Those that the service cannot accept wait in the kernel, which takes 100.
                for (int i = 0; i < 150; i++) {
                    idle.add(new Socket(service.api().base().getHost(), service.api().base().getPort()));
                }
                await().untilAsserted(() -> assertThat(service.api().download(request("standard", "small.bin")).text())
                        .hasSizeLessThan(100).isEqualTo(READ_BROKEN));
            } finally {
                for (Socket socket : idle) {
                    socket.close();
                }
            }
            await().atMost(Duration.ofMinutes(1)).ignoreExceptions().untilAsserted(() -> assertServes(service));
        }
    }

    @Test
    void serviceThatWasKilledStartsAgainOnTheSamePortsAndFolders() throws Exception {
        Map<String, Object> settings = Stage.onFolder(root);
        JarProcess killed = startOn("", settings);
        assertServes(killed);
        killed.kill();

        try (Service again = JarProcess.start(settings)) {
            assertServes(again);
        }
    }

    /** A suspended container is one, and so is a machine that gives the service no processor. */
    @Test
    void readersOfAServiceThatItsHostSuspendsAreNotCutOffAsSlow() throws Exception {
        // More than the kernel keeps for a socket.
        byte[] huge = Stage.content(12 * 1024 * 1024);
        Files.write(root.resolve("demo/huge.bin"), huge);
        Map<String, Object> settings = Stage.onFolder(root);
        try (JarProcess service = JarProcess.start(settings);
                Socket reader = service.api().slowReader(request("standard", "huge.bin"))) {
            InputStream in = reader.getInputStream();
            in.readNBytes(1);
            // The service fills the buffers of the kernel and waits for the reader.
            Thread.sleep(500);
            signal(service, "STOP");
            // Longer than the minute after which a reader that takes nothing is cut off.
            Thread.sleep(65_000);
            signal(service, "CONT");

            assertThat(in.readAllBytes().length).isGreaterThan(huge.length / 3 * 4);
        }
    }

    private static void signal(JarProcess service, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, "" + service.pid()).start().waitFor()).isZero();
    }
}
