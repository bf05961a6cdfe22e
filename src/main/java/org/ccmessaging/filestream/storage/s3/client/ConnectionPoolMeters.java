package org.ccmessaging.filestream.storage.s3.client;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.ToDoubleFunction;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.pool.ConnPoolControl;
import org.apache.http.pool.PoolStats;

/**
 * Shows the S3 client's connection pool at no cost to requests: only a scrape reads the pool. The SDK would hand each
 * request's view of the pool to a {@code MetricPublisher}. That costs every request, and it is silent while requests
 * hold all connections and none of them ends.
 */
public final class ConnectionPoolMeters {

    private ConnectionPoolMeters() {
    }

    /**
     * Registers the meters of the pool.
     *
     * @param store tells them from those of another store
     */
    public static void bind(ConnPoolControl<HttpRoute> pool, MeterRegistry meters, Tags store) {
        gauge("filestream.s3.connections", pool, PoolStats::getLeased).tags(store).tag("state", "leased")
                .description("Connections to the store, in use or kept open for the next request").register(meters);
        gauge("filestream.s3.connections", pool, PoolStats::getAvailable).tags(store).tag("state", "available")
                .description("Connections to the store, in use or kept open for the next request").register(meters);
        gauge("filestream.s3.connections.pending", pool, PoolStats::getPending).tags(store)
                .description("Requests that wait for a connection to the store").register(meters);
        gauge("filestream.s3.connections.limit", pool, PoolStats::getMax).tags(store)
                .description("filestream.s3.max-connections").register(meters);
    }

    private static Gauge.Builder<?> gauge(
            String name, ConnPoolControl<HttpRoute> pool, ToDoubleFunction<PoolStats> value) {
        return Gauge.builder(name, pool, control -> value.applyAsDouble(control.getTotalStats()));
    }
}
