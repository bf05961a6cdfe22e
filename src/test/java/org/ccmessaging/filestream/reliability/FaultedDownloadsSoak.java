package org.ccmessaging.filestream.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.request;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.ccmessaging.filestream.reliability.SoakClient.Manner;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Many downloads, each of an object whose store fails at random: no response is a wrong success.
 * System property {@code soak.downloads} says how many, {@code soak.seed} which.
 */
@Tag("soak")
@Isolated
class FaultedDownloadsSoak {

    private static final int DOWNLOADS = Integer.getInteger("soak.downloads", 10_000);
    private static final long SEED = Long.getLong("soak.seed", System.nanoTime());
    private static final int CLIENTS = 32;
    private static final int[] BORDERS = {0, 1, 16_384, 49_152, 98_304, 300_000, 1_048_576};

    @Test
    void noDownloadFromAFailingStoreIsAWrongSuccess() throws Exception {
        SoakFigures figures = new SoakFigures("Downloads from a store that fails at random, seed " + SEED);
        SoakClient client = new SoakClient(figures);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (FaultyServer store = new FaultyServer(); Stage stage = Stage.impatientJar(settings(store))) {
            run(clients, client, store, stage.api().base(), CLIENTS * 10, figures);
            Resources before = Resources.of(stage.service());
            run(clients, client, store, stage.api().base(), DOWNLOADS, figures);
            Resources after = before.awaitBack(stage.service(), CLIENTS);
            figures.put("downloads", DOWNLOADS + CLIENTS * 10L);
            figures.put("threads before", before.threads());
            figures.put("threads after", after.threads());
            figures.put("descriptors before", before.descriptors());
            figures.put("descriptors after", after.descriptors());
            figures.put("leased connections after", after.leases());
            figures.put("permits in flight after", after.permits());
        } finally {
            clients.shutdownNow();
            figures.write();
        }
        assertThat(figures.wrong()).isEmpty();
        assertThat(figures.get("code 0 with the exact file")).isGreaterThan(DOWNLOADS / 4);
    }

    /** For a service whose store fails often and whose downloads are all of one session. */
    static Map<String, Object> settings(FaultyServer store) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("filestream.s3.endpoint", store.endpoint());
        // A time-out is that of a silent store and never that of a busy machine.
        settings.put("filestream.s3.connect-timeout", "5s");
        settings.put("filestream.s3.read-timeout", "2s");
        settings.put("filestream.download.first-byte-timeout", "4s");
        settings.put("filestream.download.stall-timeout", "4s");
        settings.put("filestream.download.max-in-flight-per-session", "200");
        // The circuit would answer for a store that fails this often.
        settings.put("filestream.s3.circuit-open-time", "0s");
        return settings;
    }

    private static void run(ExecutorService clients, SoakClient client, FaultyServer store, URI service, int downloads,
            SoakFigures figures) throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < downloads; i++) {
            String name = downloads + "-" + i;
            all.add(clients.submit(() -> {
                Random random = new Random(SEED + name.hashCode());
                int length = Math.max(0, BORDERS[random.nextInt(BORDERS.length)] + random.nextInt(7) - 3);
                byte[] file = SoakClient.file("demo", name, length);
                store.put(name, file, new RandomFaults(random.nextLong(), 50, true));
                try {
                    client.download(service, request("standard", name), "demo", file, Manner.FAST, random);
                } catch (IOException unanswered) {
                    figures.wrong("unanswered", name + ": " + unanswered);
                } finally {
                    store.forget(name);
                }
            }));
        }
        for (Future<?> each : all) {
            each.get();
        }
    }
}
