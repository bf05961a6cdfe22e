package org.ccmessaging.filestream.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.READ_BROKEN;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
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
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Contract sections 4.1 and 4.3. A store shows every {@link StoreFault} at files of several sizes: a client gets the
 * row that the fault promises, or the exact file. Afterwards the service holds no permit, and no connection to the
 * store. System property {@code faults.sizes} selects the sizes.
 */
@Tag("service")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage.s3", texts = "Response rejected")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StorageFaultContractTest {

    /** Around what is encoded in memory, around one chunk, and above two. */
    private static final List<Integer> FEW_SIZES = List.of(16 * 1024, 48 * 1024, 96 * 1024 + 1);

    /** Nothing; around what is encoded in memory; around one and two chunks; and a size of many. */
    private static final List<Integer> ALL_SIZES = List.of(0, 1, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 48 * 1024 - 1,
            48 * 1024, 48 * 1024 + 1, 96 * 1024, 96 * 1024 + 1, 1024 * 1024);

    private static final List<Integer> SIZES =
            "all".equals(System.getProperty("faults.sizes")) ? ALL_SIZES : FEW_SIZES;

    private static final int THREADS = 32;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final FaultyServer store = new FaultyServer();
    private Stage stage;

    @BeforeAll
    final void startAndWarm() throws Exception {
        stage = Stage.impatient(Map.of("filestream.s3.endpoint", store.endpoint(),
                // A time-out is that of a silent store and never that of a busy machine.
                "filestream.s3.connect-timeout", "5s", "filestream.s3.read-timeout", "2s",
                // All downloads are of one session.
                "filestream.download.max-in-flight-per-session", "200",
                // The circuit would answer for a store that fails this often.
                "filestream.s3.circuit-open-time", "0s", "filestream.download.max-file-size", "2MB",
                // A request may meet its own fault and a surplus response to another.
                "filestream.s3.max-attempts", "4",
                // Time for the attempts of a request that meets a silent store more than once and waits for permits.
                "filestream.download.first-byte-timeout", "15s", "filestream.download.stall-timeout", "10s"));
        StoreFault sound = new StoreFault("sound", 0, Promise.EXACT_FILE, false, turn -> turn.right());
        for (Future<Void> warm : threads.invokeAll(IntStream.range(0, THREADS * 10)
                .mapToObj(i -> check("sound-" + i, sound, 20_000)).toList())) {
            warm.get();
        }
    }

    /** A test for each fault. All downloads are in progress when the first of them waits for its own. */
    @TestFactory
    final Stream<DynamicTest> storeThatFailsGivesItsRowOrTheExactFile() throws InterruptedException {
        Map<StoreFault, List<Future<Void>>> results = new LinkedHashMap<>();
        for (StoreFault fault : StoreFault.REJECTED_ONCE) {
            // They have ended before any connection has a surplus response on it.
            results.put(fault, threads.invokeAll(cases(fault)));
        }
        // Requests that fail open the circuit. So those come first that are right in the end.
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
        return (fault.slow() ? FEW_SIZES : SIZES).stream().filter(size -> size >= fault.shortest())
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
            try {
                assertThat(answer.status()).isEqualTo(200);
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
            stage.awaitInFlight(0);
            await().untilAsserted(() -> assertThat(stage.service().bean(MeterRegistry.class)
                    .get("filestream.s3.connections").tag("state", "leased").gauges())
                    .allSatisfy(leased -> assertThat(leased.value()).isZero()));
        } finally {
            stage.close();
            store.close();
            threads.shutdownNow();
        }
    }

    @Test
    void storeThatCannotBeReachedGivesCode13IoException() throws Exception {
        // No server has the port of the discard protocol.
        try (Stage alone = Stage.impatient(Map.of("filestream.s3.endpoint", "http://127.0.0.1:9"))) {
            assertThat(Stage.BRANCHES).allSatisfy(branch ->
                    assertThat(alone.api().download(request(branch, "hello.txt")).text()).isEqualTo(READ_BROKEN));
        }
    }
}
