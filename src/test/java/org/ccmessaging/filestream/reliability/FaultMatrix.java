package org.ccmessaging.filestream.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.request;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * A service whose store shows every {@link StoreFault} at files of several sizes: a client gets the row that the fault
 * promises, or the exact file. Afterwards the service holds nothing more than before. A subclass starts the service.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class FaultMatrix {

    /** Around what is encoded in memory, around one chunk, and above two. */
    protected static final List<Integer> FEW_SIZES = List.of(16 * 1024, 48 * 1024, 96 * 1024 + 1);

    private static final int THREADS = 32;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final FaultyServer store = new FaultyServer();
    private final List<Integer> sizes;
    private final int kept;
    private Stage stage;
    private Resources before;

    /** @param kept threads and files that the process may keep from then on, in addition to one for each client */
    protected FaultMatrix(List<Integer> sizes, int kept) {
        this.sizes = sizes;
        this.kept = kept;
    }

    /** Starts the service. */
    protected abstract Stage start(Map<String, Object> settings) throws Exception;

    @BeforeAll
    final void startAndWarm() throws Exception {
        Map<String, Object> settings = new HashMap<>();
        settings.put("filestream.s3.endpoint", store.endpoint());
        // A time-out is that of a silent store and never that of a busy machine.
        settings.put("filestream.s3.connect-timeout", "5s");
        settings.put("filestream.s3.read-timeout", "2s");
        // All downloads are of one session.
        settings.put("filestream.download.max-in-flight-per-session", "200");
        // The circuit would answer for a store that fails this often.
        settings.put("filestream.s3.circuit-open-time", "0s");
        settings.put("filestream.download.max-file-size", "2MB");
        // A request may meet its own fault and a surplus response to another.
        settings.put("filestream.s3.max-attempts", "4");
        // Time for the attempts of a request that meets a silent store more than once and waits for permits.
        settings.put("filestream.download.first-byte-timeout", "15s");
        settings.put("filestream.download.stall-timeout", "10s");
        stage = start(settings);
        StoreFault sound = new StoreFault("sound", 0, Promise.EXACT_FILE, false, turn -> turn.right());
        for (Future<Void> warm : threads.invokeAll(IntStream.range(0, THREADS * 10)
                .mapToObj(i -> check("sound-" + i, sound, 20_000)).toList())) {
            warm.get();
        }
        before = Resources.of(stage.service());
    }

    /** A test for each fault. All downloads are in progress when the first of them waits for its own. */
    @TestFactory
    final Stream<DynamicTest> storeThatFailsGivesItsRowOrTheExactFile() throws InterruptedException {
        Map<StoreFault, List<Future<Void>>> results = new LinkedHashMap<>();
        for (StoreFault fault : StoreFault.REJECTED_ONCE) {
            // They have ended before any connection has a surplus response on it.
            results.put(fault, threads.invokeAll(cases(fault)));
        }
        // The S3 client repeats requests while not too many fail. So those come first that are right in the end.
        StoreFault.ALL.stream().sorted(Comparator.comparing(StoreFault::promise)).forEach(fault -> results
                .computeIfAbsent(fault, other -> cases(other).stream().map(threads::submit).toList()));
        return results.entrySet().stream().map(each ->
                DynamicTest.dynamicTest(each.getKey() + ": " + each.getKey().promise(), () -> {
                    for (Future<Void> result : each.getValue()) {
                        result.get();
                    }
                }));
    }

    private List<Callable<Void>> cases(StoreFault fault) {
        // Each case of a slow one takes a time-out.
        return (fault.slow() ? FEW_SIZES : sizes).stream().filter(size -> size >= fault.shortest())
                .map(size -> check(fault.name().replaceAll("[^a-z0-9]", "-") + "-" + size, fault, size)).toList();
    }

    private Callable<Void> check(String name, StoreFault fault, int size) {
        return () -> {
            byte[] file = Stage.content(size);
            if (size > 8) {
                // Each file is another, so that one in place of another shows.
                System.arraycopy(name.getBytes(StandardCharsets.UTF_8), 0, file, 0, Math.min(size, name.length()));
            }
            store.put(name, file, fault.script());
            Answer answer = stage.api().download(request("standard", name));
            assertThat(answer.status()).isEqualTo(200);
            try {
                fault.promise().check(answer, file);
            } catch (AssertionError other) {
                throw new AssertionError(fault + ", " + size + " bytes, " + store.requests(name) + " requests: "
                        + other.getMessage(), other);
            }
            return null;
        };
    }

    @AfterAll
    final void requireNothingKept() {
        try {
            before.awaitBack(stage.service(), THREADS + kept);
        } finally {
            stage.close();
            store.close();
            threads.shutdownNow();
        }
    }
}
