package org.ccmessaging.filestream.http.threads;

import java.util.Properties;

/**
 * Takes p99 at 40 KB on virtual threads from 0.60 to 0.38 × hand-written (decision 0013): it doubles the carriers,
 * which are the platform threads that run virtual threads. The JDK has one for each processor. A carrier takes a new
 * request only when none of its own virtual threads can run, so under load some requests wait for long. With more
 * carriers, some are idle and take those requests.
 */
public final class Carriers {

    /**
     * The JDK's system property for the number of carriers, on Java 21 and newer ({@link Thread}, implementation note).
     */
    static final String PROPERTY = "jdk.virtualThreadScheduler.parallelism";

    private Carriers() {
    }

    /**
     * Sets two carriers for each processor, unless the operator has set the property. Call it before the first virtual
     * thread starts.
     */
    public static void add(Properties system, int processors) {
        system.putIfAbsent(PROPERTY, String.valueOf(2 * processors));
    }
}
