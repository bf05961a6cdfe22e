package org.ccmessaging.filestream.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.request;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
import org.ccmessaging.filestream.support.ScriptedStore;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Every fault of a store at every border of the sizes: a client gets the row that {@link StoreFault} promises, or the
 * exact file. Afterwards the service holds nothing more than before.
 */
@Tag("full")
@Tag("jar")
class FaultMatrixIT {

    /** Nothing; around what is encoded in memory; around one and two chunks; and a size of many. */
    private static final List<Integer> SIZES = List.of(0, 1, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 48 * 1024 - 1,
            48 * 1024, 48 * 1024 + 1, 96 * 1024, 96 * 1024 + 1, 1024 * 1024);

    /** Where each case takes a time-out, a size of each kind. */
    private static final List<Integer> FEW_SIZES = List.of(16 * 1024, 48 * 1024, 96 * 1024 + 1);

    private static final int THREADS = 32;

    private static ExecutorService threads;
    private static ScriptedStore store;
    private static Stage stage;
    private static Resources before;

    @BeforeAll
    static void start() throws Exception {
        threads = Executors.newFixedThreadPool(THREADS);
        store = new ScriptedStore();
        Map<String, Object> settings = FaultedDownloadsSoak.settings(store);
        settings.put("filestream.download.max-file-size", "2MB");
        // A request may meet its own fault and a surplus response to another.
        settings.put("filestream.s3.max-attempts", "4");
        // Time for the attempts of a request that meets a silent store more than once and waits for permits.
        settings.put("filestream.download.first-byte-timeout", "15s");
        settings.put("filestream.download.stall-timeout", "10s");
        stage = Stage.impatientJar(settings);
        List<Future<?>> warm = new ArrayList<>();
        IntStream.range(0, THREADS * 10).forEach(i -> warm.add(threads.submit(() -> check("sound-" + i,
                new StoreFault("sound", 0, Promise.EXACT_FILE, false, turn -> turn.right()), 20_000))));
        for (Future<?> each : warm) {
            each.get();
        }
        before = Resources.of(stage.service());
    }

    @AfterAll
    static void stop() {
        try {
            before.awaitBack(stage.service(), THREADS);
        } finally {
            stage.close();
            store.close();
            threads.shutdownNow();
        }
    }

    @TestFactory
    Stream<DynamicTest> storeThatFailsGivesItsRowOrTheExactFile() throws InterruptedException {
        Map<StoreFault, List<Future<Void>>> results = new LinkedHashMap<>();
        for (StoreFault fault : StoreFault.REJECTED_ONCE) {
            // They have ended before any connection has a surplus response on it.
            results.put(fault, threads.invokeAll(cases(fault)));
        }
        // The S3 client repeats requests while not too many fail. So those come first that are right in the end.
        StoreFault.ALL.stream().sorted(Comparator.comparing(StoreFault::promise)).forEach(fault ->
                results.computeIfAbsent(fault, other -> cases(other).stream().map(threads::submit).toList()));
        return results.entrySet().stream().map(each ->
                DynamicTest.dynamicTest(each.getKey() + ": " + each.getKey().promise(), () -> {
                    for (Future<Void> result : each.getValue()) {
                        result.get();
                    }
                }));
    }

    private static List<Callable<Void>> cases(StoreFault fault) {
        return (fault.slow() ? FEW_SIZES : SIZES).stream().filter(size -> size >= fault.shortest())
                .<Callable<Void>>map(size -> () -> {
                    check(name(fault, size), fault, size);
                    return null;
                }).toList();
    }

    private static String name(StoreFault fault, int size) {
        return fault.name().replaceAll("[^a-z0-9]", "-") + "-" + size;
    }

    private static void check(String name, StoreFault fault, int size) {
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
    }
}
