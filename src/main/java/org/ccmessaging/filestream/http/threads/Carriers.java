package org.ccmessaging.filestream.http.threads;

import java.util.Properties;

/**
 * Takes p99 at 40 KB on virtual threads from 0.60 to 0.38 × hand-written (decision 0013): twice as many platform
 * threads carry the virtual ones as there are processors. A carrier takes up a new request only when none of its own
 * virtual threads can go on, so under load some requests would wait for long. With more carriers, some are idle and
 * take them.
 */
public final class Carriers {

    /**
     * The JDK's system property for the number of carriers (Java 21 and newer; {@link Thread}, implementation note).
     * The JDK's own number is one for each processor.
     */
    static final String PROPERTY = "jdk.virtualThreadScheduler.parallelism";

    private Carriers() {
    }

    /** Sets the number, unless the operator has set it. The caller does so before the first virtual thread starts. */
    public static void add(Properties system, int processors) {
        system.putIfAbsent(PROPERTY, String.valueOf(2 * processors));
    }
}
