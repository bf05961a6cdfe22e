package org.ccmessaging.filestream.library;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.storage.StorageProbe;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Connections to the catalogue, for the {@code sql} steps of routes. A lookup takes at most 2 s, the time for its
 * connection included. While the database gives no connection, a circuit breaker fails lookups at once.
 *
 * <p>The background probe also creates the table, so that startup does not wait for the database.
 */
final class Catalogue extends DelegatingDataSource implements StorageProbe, AutoCloseable {

    private static final int LONGEST_MILLIS = 2000;
    private static final int CALLS = 10;
    private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);

    private final Database database;
    private final HikariDataSource pool;
    private final CountDownLatch migration;
    private final CircuitBreaker circuit = CircuitBreaker.of("catalogue", CircuitBreakerConfig.custom()
            .slidingWindowSize(CALLS).minimumNumberOfCalls(CALLS).permittedNumberOfCallsInHalfOpenState(2)
            .waitDurationInOpenState(Duration.ofSeconds(5)).maxWaitDurationInHalfOpenState(Duration.ofSeconds(10))
            .build());

    /** @param migrate whether the table is the service's own */
    Catalogue(Database database, HikariDataSource pool, boolean migrate) {
        super(pool);
        this.database = database;
        this.pool = pool;
        this.migration = new CountDownLatch(migrate ? 1 : 0);
        circuit.getEventPublisher().onStateTransition(event -> LOG.warn("Circuit of the catalogue: {}",
                event.getStateTransition()));
    }

    /** @throws DataAccessResourceFailureException if the database gives no connection, or the circuit is open */
    @Override
    public Connection getConnection() {
        long start = System.nanoTime();
        try {
            Connection connection = circuit.executeCallable(this::connection);
            long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            // On the same thread, because a thread of the driver's would only close the socket. The pool resets it.
            connection.setNetworkTimeout(Runnable::run, (int) Math.max(1, LONGEST_MILLIS - waited));
            return connection;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw unreachable("the service stops");
        } catch (Exception failure) {
            throw unreachable(reason(failure));
        }
    }

    /** Returns a failure without a stack trace, because each lookup of a dead database has it and is logged. */
    private static DataAccessResourceFailureException unreachable(String reason) {
        DataAccessResourceFailureException failure = new DataAccessResourceFailureException(
                "the catalogue of the multimedia library cannot be reached: " + reason);
        failure.setStackTrace(new StackTraceElement[0]);
        return failure;
    }

    private Connection connection() throws SQLException, InterruptedException {
        if (!migration.await(1, TimeUnit.SECONDS)) {
            throw new SQLTransientConnectionException("its table is not yet migrated");
        }
        return pool.getConnection();
    }

    /** The innermost cause has the driver's words. */
    private static String reason(Throwable failure) {
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
        return Objects.requireNonNullElse(cause.getMessage(), cause.toString()).lines().findFirst().orElse("");
    }

    @Override
    public StorageSettings.Type type() {
        return null;
    }

    @Override
    public String probe(String name, StorageSettings.Branch branch) {
        try {
            if (migration.getCount() > 0) {
                database.migrate();
                migration.countDown();
            }
            try (Connection connection = pool.getConnection()) {
                return connection.isValid(1) ? null : "a connection does not respond";
            }
        } catch (SQLException | FlywayException failure) {
            return reason(failure);
        }
    }

    @Override
    public Map<String, String> known(String name) {
        return Map.of("circuit", circuit.getState().name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void close() {
        pool.close();
    }
}
