package org.ccmessaging.filestream.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.tomcat.util.net.SocketBufferHandler;

/** State that the connections of a port share: settings, counters, waiting connections, buffers of requests. */
final class Limits {

    /** Limits at which connections end; the meter spells them in lower case with dashes. */
    enum Cut { FIRST_BYTE, HEADER, BODY, SLOW_READER, PER_ADDRESS }

    /**
     * Bytes that Tomcat writes to the socket at once (decision 0006). With its default of 8 KiB a file of 40 KB takes
     * seven calls, and each may wake the client for a part.
     */
    private static final int WRITE_BYTES = 32 * 1024;

    /** Tomcat's default. A request's headers and its body mostly come in one read. */
    private static final int READ_BYTES = 8 * 1024;

    /** Buffers that stay for the next request, 20 MB at most. */
    private static final int MOST_IDLE_BUFFERS = 512;

    /** Heap that Tomcat uses for a request whose headers are not complete (measured: 45 KB). */
    private static final int BYTES_OF_HEADERS = 48 * 1024;

    /** Heap that a connection with TLS uses, mostly for its buffers (measured: 75 KB). */
    private static final int BYTES_OF_TLS = 80 * 1024;

    /** The share of the heap that connections with TLS may take. */
    private static final int SHARE_OF_TLS = 4;

    /** The share of the heap that requests with incomplete headers may take. */
    private static final int SHARE_OF_HEAP = 8;

    private static final int LEAST_HEADERS = 64;

    /** Maximum time that a shutdown waits for the last kilobytes of responses. */
    private static final Duration LONGEST_END = Duration.ofSeconds(10);

    private static final long LOOK_EVERY_MS = 5;

    final HttpSettings settings;
    final Addresses addresses;

    /** Connections whose headers are not complete. */
    final Waiters headers;

    /** Connections whose requests wait for the rest of their bodies. */
    final Waiters bodies;

    /** Connections whose responses wait for their clients. */
    final Waiters writers;

    private final BlockingDeque<SocketBufferHandler> idleBuffers = new LinkedBlockingDeque<>(MOST_IDLE_BUFFERS);
    private final Map<Cut, Counter> cuts = new EnumMap<>(Cut.class);
    /** Requests under way, whose responses have not left completely. */
    private final AtomicInteger underWay = new AtomicInteger();

    /**
     * @param mostBodies requests that may wait for the rest of their bodies, at least 1
     * @param mostWriters responses that may wait for their clients for more than a second, at least 1
     */
    Limits(HttpSettings settings, Addresses addresses, MeterRegistry meters, int mostBodies, int mostWriters) {
        this.settings = settings;
        this.addresses = addresses;
        long heads = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / BYTES_OF_HEADERS;
        this.headers = new Waiters((int) Math.max(LEAST_HEADERS, Math.min(heads, Integer.MAX_VALUE)));
        this.bodies = new Waiters(mostBodies);
        this.writers = new Waiters(mostWriters);
        for (Cut cut : Cut.values()) {
            cuts.put(cut, Counter.builder("filestream.connections.cut")
                    .description("Connections that the service ended, by the limit that they reached")
                    .tag("reason", cut.name().toLowerCase(Locale.ROOT).replace('_', '-')).register(meters));
        }
    }

    /** Counts one more connection that ended. */
    void count(Cut reached) {
        cuts.get(reached).increment();
    }

    /** Returns the buffers that were in use last, because the processor may still have them in its cache. */
    SocketBufferHandler takeBuffers() {
        SocketBufferHandler idle = idleBuffers.pollFirst();
        return idle == null ? new SocketBufferHandler(READ_BYTES, WRITE_BYTES, true) : idle;
    }

    /** Returns the number of connections with TLS that fit into their share of the heap. */
    static long mostTlsConnections() {
        return Math.max(LEAST_HEADERS, Runtime.getRuntime().maxMemory() / SHARE_OF_TLS / BYTES_OF_TLS);
    }

    /** Returns the buffers of a connection with TLS, in the heap, which gets them back when the connection ends. */
    static SocketBufferHandler tlsBuffers() {
        return new SocketBufferHandler(READ_BYTES, WRITE_BYTES, false);
    }

    void requestStarts() {
        underWay.incrementAndGet();
    }

    void requestEnds() {
        underWay.decrementAndGet();
    }

    /** Waits until no request is under way, for {@link #LONGEST_END} at most. */
    void awaitRequests() {
        long end = System.nanoTime() + LONGEST_END.toNanos();
        try {
            while (underWay.get() > 0 && System.nanoTime() - end < 0) {
                Thread.sleep(LOOK_EVERY_MS);
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param buffers that no thread uses any more */
    void giveBack(SocketBufferHandler buffers) {
        buffers.reset();
        idleBuffers.offerFirst(buffers);
    }

    /**
     * A bounded queue of connections that wait for their clients, each with memory or a thread. A newcomer evicts the
     * oldest: a usual client waits for milliseconds.
     */
    static final class Waiters {

        private final int most;
        private final Set<Connection> waiting = new LinkedHashSet<>();

        private Waiters(int most) {
            this.most = most;
        }

        /** @return the connection that must leave; {@code null} if all may stay */
        synchronized Connection join(Connection connection) {
            waiting.add(connection);
            if (waiting.size() <= most) {
                return null;
            }
            Iterator<Connection> oldestFirst = waiting.iterator();
            Connection oldest = oldestFirst.next();
            oldestFirst.remove();
            return oldest;
        }

        synchronized void leave(Connection connection) {
            waiting.remove(connection);
        }
    }
}
