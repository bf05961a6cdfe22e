package org.ccmessaging.filestream.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Limits the time and the number of waits for clients (decision 0016). The watchdog counts ticks instead of reading the
 * clock, so a pause of the process cuts off no client.
 */
final class Watchdog {

    /** Kinds of waits for a client. */
    enum Wait { HEADER, BODY, SLOW_READER }

    static final long TICK_MILLIS = 250;

    /** Period of the average read rate. */
    private static final long READER_MILLIS = TimeUnit.SECONDS.toMillis(60);

    /** Heap of a request with incomplete headers (45 KB measured). All such requests may take an eighth of the heap. */
    private static final int BYTES_OF_HEADERS = 48 * 1024;
    private static final int SHARE_OF_HEAP = 8;
    private static final int LEAST_HEADERS = 64;

    /** Threads for short requests (401, 503, tokens) when all other threads wait for clients. */
    private static final int SPARE_THREADS = 32;

    private final HttpSettings settings;
    private final long readRate;
    private final int requests;
    private final Map<Wait, Set<Connection>> waiting = new EnumMap<>(Wait.class);
    private final Map<Wait, Integer> most = new EnumMap<>(Wait.class);
    private final Map<Wait, Counter> cuts = new EnumMap<>(Wait.class);

    Watchdog(HttpSettings settings, MeterRegistry meters, String port, int mostBodies, int mostReaders) {
        this.settings = settings;
        // Raises 0 to 1 byte/s, so that the watchdog cuts off a client that reads nothing.
        this.readRate = Math.max(1, settings.minReadRate().toBytes());
        this.requests = mostBodies + mostReaders + SPARE_THREADS;
        long headers = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / BYTES_OF_HEADERS;
        most.put(Wait.HEADER, (int) Math.min(Integer.MAX_VALUE, Math.max(LEAST_HEADERS, headers)));
        most.put(Wait.BODY, mostBodies);
        most.put(Wait.SLOW_READER, mostReaders);
        for (Wait wait : Wait.values()) {
            waiting.put(wait, new LinkedHashSet<>());
            cuts.put(wait, Counter.builder("filestream.connections.cut")
                    .description("Connections that the service ended, by the limit that they reached")
                    .tag("port", port)
                    .tag("reason", wait.name().toLowerCase(Locale.ROOT).replace('_', '-')).register(meters));
        }
    }

    /** Maximum number of concurrent requests. */
    int requests() {
        return requests;
    }

    long longestMillis(Wait wait) {
        return switch (wait) {
            case HEADER -> settings.headerTimeout().toMillis();
            case BODY -> settings.bodyTimeout().toMillis();
            case SLOW_READER -> READER_MILLIS;
        };
    }

    /** Time that a client gains by reading this number of bytes. */
    long millisFor(int bytes) {
        return bytes * TimeUnit.SECONDS.toMillis(1) / readRate;
    }

    IOException slowReader() {
        return new IOException("slow-reader: the client took less than " + settings.minReadRate().toBytes()
                + " bytes/s over " + TimeUnit.MILLISECONDS.toSeconds(READER_MILLIS) + " s");
    }

    /** Registers a wait. If too many connections wait, cuts off the connection with the least time left. */
    void begin(Wait wait, Connection connection) {
        Set<Connection> connections = waiting.get(wait);
        Connection last = null;
        synchronized (connections) {
            if (connections.add(connection) && connections.size() > most.get(wait)) {
                last = connections.stream().min(Comparator.comparingLong(Connection::millisLeft)).orElseThrow();
                connections.remove(last);
            }
        }
        if (last != null) {
            cut(wait, last);
        }
    }

    void end(Wait wait, Connection connection) {
        Set<Connection> connections = waiting.get(wait);
        synchronized (connections) {
            connections.remove(connection);
        }
    }

    void tick() {
        waiting.forEach((wait, connections) -> {
            List<Connection> late;
            synchronized (connections) {
                late = connections.stream().filter(connection -> connection.spend(TICK_MILLIS)).toList();
                late.forEach(connections::remove);
            }
            late.forEach(connection -> cut(wait, connection));
        });
    }

    private void cut(Wait wait, Connection connection) {
        cuts.get(wait).increment();
        connection.cut(wait);
    }
}
