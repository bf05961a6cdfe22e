package org.ccmessaging.filestream.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.ccmessaging.filestream.dev.EmbeddedS3;
import org.ccmessaging.filestream.reliability.SoakClient.Manner;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.JarProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Minutes of what a bad day brings at once: a store that fails and restarts, clients that go away, that read slowly and
 * that attack, several tenants, files in folders and in S3, and a second replica that restarts. Two replicas are the
 * packaged jar; this process is the store and the clients. System property {@code soak.minutes} says how long.
 */
@Tag("soak")
@Isolated
class MixedTrafficSoak {

    private static final Duration TIME = Duration.ofSeconds((long) (60 * Double.parseDouble(
            System.getProperty("soak.minutes", "20"))));
    private static final int CLIENTS = 24;
    private static final List<String> TENANTS = List.of("demo", "acme", "other", "demo2");
    private static final int FILES = 40;
    private static final int[] LENGTHS = {1, 700, 16_384, 16_385, 40_000, 49_152, 49_153, 200_000, 1_000_000};

    /** Growth of the heap in use after a collection that is no leak: caches that fill, classes that load. */
    private static final long GROWTH_BYTES = 12 * 1024 * 1024;

    private final SoakFigures figures = new SoakFigures("Mixed traffic for " + TIME.toSeconds() + " s");
    private final SoakClient client = new SoakClient(figures);

    @TempDir
    private Path folder;

    /** A replica, and whether it restarts at the moment. */
    private record Replica(AtomicReference<JarProcess> jar, AtomicReference<Long> restartedAt) {

        URI address() {
            return jar.get().api().base();
        }
    }

    @Test
    void nothingIsServedWronglyLeftUnansweredOrKept() throws Exception {
        FaultyServer store = new FaultyServer();
        AtomicReference<FaultyServer> current = new AtomicReference<>(store);
        fill(store);
        Map<String, Object> settings = settings(store);
        Replica steady = start(settings);
        Replica restarting = start(settings);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            traffic(threads, List.of(steady), Duration.ofSeconds(10));
            long heapBefore = heapAfterCollection(steady.jar.get());
            Resources before = Resources.of(steady.jar.get());
            long end = System.nanoTime() + TIME.toNanos();
            Future<?> restartsOfStore = threads.submit(() -> restartStore(current, end));
            Future<?> restartsOfReplica = threads.submit(() -> restartReplica(restarting, settings, end));
            traffic(threads, List.of(steady, restarting), TIME);
            restartsOfStore.get();
            restartsOfReplica.get();
            report(before, before.awaitBack(steady.jar.get(), CLIENTS), heapBefore,
                    heapAfterCollection(steady.jar.get()));
        } finally {
            threads.shutdownNow();
            steady.jar.get().close();
            restarting.jar.get().close();
            current.get().close();
            figures.write();
        }
        assertThat(figures.wrong()).isEmpty();
        assertThat(figures.get("code 0 with the exact file")).isPositive();
        assertThat(figures.get("heap after a collection, KB, at the end") - figures.get("heap after a collection, KB"))
                .as("growth of the heap").isLessThan(GROWTH_BYTES / 1024);
    }

    private void report(Resources before, Resources after, long heapBefore, long heapAfter) {
        figures.put("heap after a collection, KB", heapBefore / 1024);
        figures.put("heap after a collection, KB, at the end", heapAfter / 1024);
        figures.put("threads", before.threads());
        figures.put("threads, at the end", after.threads());
        figures.put("descriptors", before.descriptors());
        figures.put("descriptors, at the end", after.descriptors());
        figures.put("leased connections, at the end", after.leases());
        figures.put("permits in flight, at the end", after.permits());
    }

    private static int length(int file) {
        return LENGTHS[file % LENGTHS.length] + file / LENGTHS.length;
    }

    private void fill(FaultyServer store) throws IOException {
        for (String tenant : TENANTS) {
            Path home = Files.createDirectories(folder.resolve(tenant));
            for (int i = 0; i < FILES; i++) {
                byte[] content = SoakClient.file(tenant, "f" + i, length(i));
                // Renamed, as a program must store files: a reader never sees half of one.
                Path whole = Files.write(home.resolve("next"), content);
                Files.move(whole, home.resolve("f" + i), StandardCopyOption.ATOMIC_MOVE);
                // Half of the responses with files of one tenant fail.
                store.putAt(tenant + "/f" + i, content,
                        new RandomFaults(i, tenant.equals("demo2") ? 50 : 10, i % 10 == 0));
            }
        }
    }

    private Map<String, Object> settings(FaultyServer store) {
        Map<String, Object> settings = new HashMap<>(EmbeddedS3.settings(store.endpoint()));
        settings.put("filestream.storage.local.root", folder);
        settings.put("filestream.s3.read-timeout", "3s");
        settings.put("filestream.auth.token-endpoints", "true");
        settings.put("filestream.auth.apps.demo-app.secret", "{noop}demo-secret");
        settings.put("filestream.auth.apps.demo-app.tenant-id", "demo");
        settings.put(JarProcess.JAVA_OPTIONS, JarProcess.AS_SHIPPED);
        return settings;
    }

    private static Replica start(Map<String, Object> settings) {
        return new Replica(new AtomicReference<>(JarProcess.start(settings)), new AtomicReference<>(0L));
    }

    private void traffic(ExecutorService threads, List<Replica> replicas, Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        List<Future<?>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Random random = new Random(i);
            clients.add(threads.submit(() -> {
                while (System.nanoTime() < end) {
                    request(replicas.get(random.nextInt(replicas.size())), random);
                }
                return null;
            }));
        }
        for (Future<?> each : clients) {
            each.get();
        }
    }

    private void request(Replica replica, Random random) throws InterruptedException {
        long start = System.nanoTime();
        figures.count("requests");
        try {
            if (random.nextInt(20) == 0) {
                attack(replica.address(), random);
            } else {
                String tenant = TENANTS.get(random.nextInt(TENANTS.size()));
                int file = random.nextInt(FILES);
                String branch = random.nextBoolean() ? "local" : "standard";
                Manner manner = random.nextInt(10) == 0 ? Manner.ABORTS
                        : random.nextInt(10) == 0 ? Manner.SLOW : Manner.FAST;
                client.download(replica.address(), Api.request(branch, "f" + file),
                        tenant, SoakClient.file(tenant, "f" + file, length(file)), manner, random);
            }
        } catch (IOException unanswered) {
            // A process that has stopped answers nobody. What was in flight when it was told to stop has ended before.
            if (replica.restartedAt.get() == null || replica.restartedAt.get() > start) {
                figures.count("no connection while the replica restarts");
                Thread.sleep(100);
            } else {
                figures.wrong("unanswered", unanswered.toString());
            }
        }
    }

    private void attack(URI service, Random random) throws IOException {
        HostileRequest request = HostileRequest.of(random.nextLong());
        try (Socket socket = new Socket(service.getHost(), service.getPort())) {
            socket.setSoTimeout(200);
            socket.getOutputStream().write(request.bytes());
            if (request.ending() == HostileRequest.Ending.HALF_CLOSE) {
                socket.shutdownOutput();
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
        } catch (SocketException | SocketTimeoutException closed) {
            // The service may hang up on it.
        }
        figures.count("hostile requests");
    }

    private void restartStore(AtomicReference<FaultyServer> current, long end) {
        try {
            while (System.nanoTime() < end - TimeUnit.SECONDS.toNanos(15)) {
                Thread.sleep(10_000);
                int port = current.get().port();
                current.get().close();
                Thread.sleep(1_000);
                FaultyServer again = new FaultyServer(port);
                fill(again);
                current.set(again);
                figures.count("restarts of the store");
            }
        } catch (IOException failure) {
            figures.wrong("the store did not come back", failure.toString());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void restartReplica(Replica replica, Map<String, Object> settings, long end) {
        try {
            while (System.nanoTime() < end - TimeUnit.SECONDS.toNanos(30)) {
                Thread.sleep(20_000);
                replica.restartedAt.set(null);
                long stop = System.nanoTime();
                replica.jar.get().close();
                figures.longest("ms that a replica took to stop, longest", stop);
                replica.jar.set(JarProcess.start(settings));
                replica.restartedAt.set(System.nanoTime());
                figures.count("restarts of a replica");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Bytes of the heap in use after a complete collection. */
    private static long heapAfterCollection(JarProcess jar) throws Exception {
        new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(jar.pid()), "GC.run").redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        return jar.metrics().lines().filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }
}
