package org.ccmessaging.filestream.storage.s3.client;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.reflect.Field;
import java.util.function.ToDoubleFunction;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.pool.ConnPoolControl;
import org.apache.http.pool.PoolStats;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.internal.impl.ConnectionManagerAwareHttpClient;

/**
 * Shows the S3 client's connection pool at no cost to requests: only a scrape reads the pool. It knows the pool of the
 * SDK's client on Apache 4 (decision 0025). The SDK would hand each request's view of the pool to a
 * {@code MetricPublisher}. That costs every request, and it is silent while requests hold all connections and none of
 * them ends.
 */
public final class ConnectionPoolMeters {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionPoolMeters.class);

    private ConnectionPoolMeters() {
    }

    /** Registers the meters of the client's pool. Logs a warning if the client has no such pool. */
    public static void bind(SdkHttpClient client, MeterRegistry meters) {
        try {
            ConnPoolControl<HttpRoute> pool = pool(client);
            gauge("filestream.s3.connections", pool, PoolStats::getLeased).tag("state", "leased")
                    .description("Connections to the store, in use or kept open for the next request").register(meters);
            gauge("filestream.s3.connections", pool, PoolStats::getAvailable).tag("state", "available")
                    .description("Connections to the store, in use or kept open for the next request").register(meters);
            gauge("filestream.s3.connections.pending", pool, PoolStats::getPending)
                    .description("Requests that wait for a connection to the store").register(meters);
            gauge("filestream.s3.connections.limit", pool, PoolStats::getMax)
                    .description("filestream.s3.max-connections").register(meters);
        } catch (ReflectiveOperationException | ClassCastException otherSdk) {
            LOG.warn("No meters of the S3 connection pool: this version of the AWS SDK keeps it elsewhere", otherSdk);
        }
    }

    private static Gauge.Builder<?> gauge(
            String name, ConnPoolControl<HttpRoute> pool, ToDoubleFunction<PoolStats> value) {
        return Gauge.builder(name, pool, control -> value.applyAsDouble(control.getTotalStats()));
    }

    /** Reads a private field, because the SDK shows its pool nowhere. */
    @SuppressWarnings("unchecked")
    private static ConnPoolControl<HttpRoute> pool(SdkHttpClient client) throws ReflectiveOperationException {
        Field apacheClient = client.getClass().getDeclaredField("httpClient");
        apacheClient.setAccessible(true);
        return (ConnPoolControl<HttpRoute>)
                ((ConnectionManagerAwareHttpClient) apacheClient.get(client)).getHttpClientConnectionManager();
    }
}
