package org.ccmessaging.filestream.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.tomcat.util.net.SocketBufferHandler;

/** Holds the state that connections of a port share: settings, counters and waiting connections. */
final class Limits {

    /** Limits at which connections end; the meter spells them in lower case with dashes. */
    enum Cut { FIRST_BYTE, HEADER, BODY, SLOW_READER }

    /**
     * Bytes that Tomcat writes to the socket at once (decision 0006). With its default of 8 KiB a file of 40 KB takes
     * seven calls, and each may wake the client for a part.
     */
    private static final int WRITE_BYTES = 32 * 1024;

    /** Tomcat's default. A request's headers and its body mostly come in one read. */
    private static final int READ_BYTES = 8 * 1024;

    /** Heap that Tomcat uses for a request whose headers are not complete (measured: 45 KB). */
    private static final int BYTES_OF_HEADERS = 48 * 1024;

    /** Heap that Tomcat uses for a connection with TLS, mostly for buffers (measured: 75 KB). */
    private static final int BYTES_OF_TLS = 80 * 1024;

    /** Divisors of the heap: the shares that connections with TLS and requests with incomplete headers may take. */
    private static final int SHARE_OF_TLS = 4;
    private static final int SHARE_OF_HEAP = 8;

    private static final int LEAST_HEADERS = 64;

    /**
     * Threads in addition to those of permits and waiting bodies (decision 0006), for 401, 503 and token requests while
     * downloads hold all permits.
     */
    private static final int SPARE_THREADS = 32;

    final HttpSettings settings;

    /** Connections that wait for the rest of headers or bodies, or for their clients to read. */
    final Set<Connection> headers;
    final Set<Connection> bodies;
    final Set<Connection> writers;

    /** Maximum number of requests at the same time. */
    final int requests;

    /** Minimum rate of a reader in bytes a second. With 1, only a client that reads nothing is cut off. */
    final long readRate;

    /** Bytes that a client reads at that rate in {@code filestream.http.read-rate-window}. */
    final long credit;

    private final Map<Cut, Counter> cuts = new EnumMap<>(Cut.class);

    Limits(HttpSettings settings, MeterRegistry meters, int mostBodies, int mostWriters) {
        this.settings = settings;
        long heads = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / BYTES_OF_HEADERS;
        this.headers = waiters((int) Math.max(LEAST_HEADERS, Math.min(heads, Integer.MAX_VALUE)));
        this.bodies = waiters(mostBodies);
        this.writers = waiters(mostWriters);
        this.requests = mostBodies + mostWriters + SPARE_THREADS;
        this.readRate = Math.max(1, settings.minReadRate().toBytes());
        this.credit = readRate * settings.readRateWindow().toMillis() / TimeUnit.SECONDS.toMillis(1);
        for (Cut cut : Cut.values()) {
            cuts.put(cut, Counter.builder("filestream.connections.cut")
                    .description("Connections that the service ended, by the limit that they reached")
                    .tag("reason", cut.name().toLowerCase(Locale.ROOT).replace('_', '-')).register(meters));
        }
    }

    void count(Cut reached) {
        cuts.get(reached).increment();
    }

    /** @param direct outside the heap */
    static SocketBufferHandler newBuffers(boolean direct) {
        return new SocketBufferHandler(READ_BYTES, WRITE_BYTES, direct);
    }

    static long mostTlsConnections() {
        return Math.max(LEAST_HEADERS, Runtime.getRuntime().maxMemory() / SHARE_OF_TLS / BYTES_OF_TLS);
    }

    IOException slowReader() {
        return new IOException("slow-reader: the client took less than " + settings.minReadRate().toBytes()
                + " bytes/s over " + settings.readRateWindow().toSeconds() + " s");
    }

    /**
     * Returns a queue of connections that wait for their clients, each with memory or a thread. A newcomer evicts the
     * oldest: a usual client waits for milliseconds.
     */
    private static Set<Connection> waiters(int most) {
        return Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Connection, Boolean> oldest) {
                boolean full = size() > most;
                if (full) {
                    oldest.getKey().evict();
                }
                return full;
            }
        }));
    }
}
