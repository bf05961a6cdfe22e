package org.ccmessaging.filestream.support;

import java.util.List;
import java.util.stream.Stream;
import org.jetbrains.lincheck.Lincheck;

/**
 * Runs threads in many schedules, which Lincheck chooses at each access to shared memory. {@code -Dschedules=10000}
 * sets their number. Tests with tag {@code schedules} use it, since it changes the classes that they run.
 */
public final class Schedules {

    private static final int NUMBER = Integer.getInteger("schedules", 100);

    static {
        // It warns of each field of a record.
        System.setProperty("lincheck.logLevel", "ERROR");
    }

    public interface Work {
        void run() throws Exception;
    }

    private Schedules() {
    }

    /** Runs a scenario in many schedules. It starts its threads by {@link #together}. */
    public static void explore(Work scenario) {
        Lincheck.runConcurrentTest(NUMBER, () -> run(scenario));
    }

    private static void run(Work work) {
        try {
            work.run();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    /** Runs each work in a thread of its own, and waits for their ends. */
    public static void together(Work... works) throws InterruptedException {
        List<Thread> threads = Stream.of(works).map(work -> new Thread(() -> run(work))).toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Fails unless the condition holds. AssertJ would multiply the steps of a schedule. */
    public static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }
}
