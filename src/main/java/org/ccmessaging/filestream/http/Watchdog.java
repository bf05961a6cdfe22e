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
 * Cuts off clients that keep a port waiting: for the rest of headers or of a body, or until they read their response.
 * A wait has a maximum time, and the waits of a kind have a maximum number, because each takes memory or a thread. The
 * watchdog counts its own ticks and not the time of the clock, so a pause of the process cuts off no client (decision
 * 0016).
 */
final class Watchdog {

    /** What the service waits for. Tag {@code reason} of the meter has the name in lower case, with dashes. */
    enum Wait { HEADER, BODY, SLOW_READER }

    static final long TICK_MILLIS = 250;

    /** Time after which a client that reads nothing is cut off. Also the time over which its rate is averaged. */
    private static final long READER_MILLIS = TimeUnit.SECONDS.toMillis(60);

    /** Heap of a request with incomplete headers (45 KB measured). All may take an eighth of the heap. */
    private static final int BYTES_OF_HEADERS = 48 * 1024;
    private static final int SHARE_OF_HEAP = 8;
    private static final int LEAST_HEADERS = 64;

    /** Threads for 401, 503 and token requests while the maximum of bodies and readers waits (decision 0006). */
    private static final int SPARE_THREADS = 32;

    private final HttpSettings settings;
    private final long readRate;
    private final int requests;
    private final Map<Wait, Set<Connection>> waiting = new EnumMap<>(Wait.class);
    private final Map<Wait, Integer> most = new EnumMap<>(Wait.class);
    private final Map<Wait, Counter> cuts = new EnumMap<>(Wait.class);

    Watchdog(HttpSettings settings, MeterRegistry meters, int mostBodies, int mostReaders) {
        this.settings = settings;
        // At 1 byte a second, only a client that reads nothing is cut off.
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
                    .tag("reason", wait.name().toLowerCase(Locale.ROOT).replace('_', '-')).register(meters));
        }
    }

    /** Maximum number of requests at the same time. */
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

    /** Time that a reader gains when it reads some bytes. */
    long millisFor(int bytes) {
        return bytes * TimeUnit.SECONDS.toMillis(1) / readRate;
    }

    IOException slowReader() {
        return new IOException("slow-reader: the client took less than " + settings.minReadRate().toBytes()
                + " bytes/s over " + TimeUnit.MILLISECONDS.toSeconds(READER_MILLIS) + " s");
    }

    /** Begins a wait. Above the maximum, cuts off the connection with the least time left; most need milliseconds. */
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

    /** Subtracts {@link #TICK_MILLIS} from each wait, and cuts off connections without time. Runs once a tick. */
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
