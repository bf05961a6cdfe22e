package org.ccmessaging.filestream.library;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.storage.StorageProbe;
import org.ccmessaging.filestream.toolkit.LogText;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * The database of routes: a read-only pool. A lookup takes at most 2 s, the time for the connection included. While
 * lookups get no connection or no result, a circuit breaker fails them at once.
 *
 * <p>The background probe also creates the table, so that startup does not wait for the database.
 */
final class Catalogue extends AbstractDataSource implements StorageProbe, AutoCloseable {

    /** The rest of 2 s is for a request whose threads wait for a processor. */
    private static final int LONGEST_MILLIS = 1800;
    private static final int CALLS = 10;

    /** Advice to the operator if the database accepts no connection. */
    static final String ADVICE = "Start the database, or correct spring.datasource.url, .username or .password";

    private static final String SUBJECT = "The catalogue of the multimedia library";
    private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);

    private final Database database;
    private final HikariDataSource pool;
    private final CountDownLatch migration;
    private final CircuitBreaker circuit = CircuitBreaker.of("catalogue", CircuitBreakerConfig.custom()
            .slidingWindowSize(CALLS).minimumNumberOfCalls(CALLS).permittedNumberOfCallsInHalfOpenState(1)
            .waitDurationInOpenState(Duration.ofSeconds(5)).maxWaitDurationInHalfOpenState(Duration.ofSeconds(10))
            .build());
    private volatile SQLException lastFailure;

    /** @param migrate whether the table is the service's own */
    Catalogue(Database database, HikariDataSource pool, boolean migrate) {
        this.database = database;
        this.pool = pool;
        this.migration = new CountDownLatch(migrate ? 1 : 0);
        circuit.getEventPublisher().onStateTransition(event -> {
            if (event.getStateTransition() == CircuitBreaker.StateTransition.CLOSED_TO_OPEN) {
                LOG.warn("{} fails lookups. They fail at once until one succeeds: {}", SUBJECT,
                        LogText.ofDatabase(lastFailure));
            } else if (event.getStateTransition().getToState() == CircuitBreaker.State.CLOSED) {
                LOG.info("{} serves lookups again", SUBJECT);
            }
        });
        pool.setExceptionOverride(new SQLExceptionOverride() {
            @java.lang.Override
            public Override adjudicate(SQLException failure) {
                if (isOfClient(failure)) {
                    return Override.DO_NOT_EVICT;
                }
                failed(failure);
                return Override.MUST_EVICT;
            }
        });
    }

    /** @throws DataAccessException if the database gives no connection, or the circuit is open */
    @Override
    public Connection getConnection() {
        long start = System.nanoTime();
        try {
            circuit.acquirePermission();
            if (!migration.await(1, TimeUnit.SECONDS)) {
                throw new SQLTransientConnectionException("its table is not yet migrated");
            }
            Connection connection = pool.getConnection();
            long left = Math.max(1, LONGEST_MILLIS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            // On the same thread, because a thread of the driver's would only close the socket. The pool resets it.
            connection.setNetworkTimeout(Runnable::run, (int) left);
            return reporting(connection);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            circuit.releasePermission();
            throw new DataAccessResourceFailureException("the service stops", stop);
        } catch (CallNotPermittedException open) {
            throw refused(lastFailure);
        } catch (SQLException failure) {
            failed(failure);
            throw refused(failure);
        }
    }

    @Override
    public Connection getConnection(String user, String password) {
        return getConnection();
    }

    /** Returns whether a statement compares a value of class 22 of SQL's states, which is a client's choice. */
    private static boolean isOfClient(SQLException failure) {
        return String.valueOf(failure.getSQLState()).startsWith("22");
    }

    /** Returns the connection, whose end reports a success to the circuit unless the pool has evicted it. */
    private Connection reporting(Connection pooled) {
        return (Connection) Proxy.newProxyInstance(Catalogue.class.getClassLoader(), new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("close") && !pooled.isClosed()) {
                        circuit.onSuccess(0, TimeUnit.NANOSECONDS);
                    }
                    return AopUtils.invokeJoinpointUsingReflection(pooled, method, arguments);
                });
    }

    private void failed(SQLException failure) {
        lastFailure = failure;
        circuit.onError(0, TimeUnit.NANOSECONDS, failure);
    }

    /** Tells a wrong statement, which class 42 of SQL's states is, from a database that does not respond. */
    private static DataAccessException refused(SQLException failure) {
        String reason = LogText.ofDatabase(failure);
        return String.valueOf(failure.getSQLState()).startsWith("42")
                ? new InvalidDataAccessResourceUsageException(SUBJECT + " refuses the statement: " + reason)
                : new DataAccessResourceFailureException(SUBJECT + " cannot be reached: " + reason);
    }

    @Override
    public Set<String> names() {
        return Set.of("library.catalogue");
    }

    @Override
    public Down probe(String name) {
        try {
            if (migration.getCount() > 0) {
                database.migrate();
                migration.countDown();
            }
            try (Connection connection = pool.getConnection()) {
                return connection.isValid(1) ? null : down("a connection does not respond");
            }
        } catch (SQLException | FlywayException failure) {
            return down(LogText.ofDatabase(failure));
        }
    }

    private static Down down(String reason) {
        return new Down(reason, ADVICE);
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
