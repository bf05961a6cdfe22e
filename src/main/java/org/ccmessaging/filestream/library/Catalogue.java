package org.ccmessaging.filestream.library;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
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
import org.springframework.jdbc.support.JdbcUtils;

/**
 * The database of routes. A connection runs one lookup: a {@link LookupStatement} that gives one text, and takes at
 * most 2 s, the time for the connection included. The next lookup finds nothing of it in its session. While lookups get
 * no connection or no result, a circuit breaker fails them at once.
 *
 * <p>The background probe also creates the table, so that startup does not wait for the database.
 */
final class Catalogue extends AbstractDataSource implements StorageProbe, AutoCloseable {

    /** The rest of 2 s is for a request whose threads wait for a processor. */
    private static final int LONGEST_MILLIS = 1800;
    private static final int CALLS = 10;

    /** One, and a second one that shows that the first is not the only one. */
    private static final int MOST_ROWS = 2;

    /** Maximum length of a result in characters, as long as the longest key of an object. */
    private static final int LONGEST_TEXT = 1024;
    private static final String SUBJECT = "The catalogue of the multimedia library";
    private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);

    private final Database database;
    private final HikariDataSource pool;
    private final List<String> reset;
    private final boolean migrate;
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CircuitBreaker circuit = CircuitBreaker.of("catalogue", CircuitBreakerConfig.custom()
            .slidingWindowSize(CALLS).minimumNumberOfCalls(CALLS).permittedNumberOfCallsInHalfOpenState(1)
            .waitDurationInOpenState(Duration.ofSeconds(5)).maxWaitDurationInHalfOpenState(Duration.ofSeconds(10))
            .build());
    private volatile SQLException lastFailure;
    private volatile Connection keptOpen;

    /** A method of a connection, statement or result of a lookup. */
    private interface Call {
        Object of(Object[] arguments) throws SQLException;
    }

    /** @param migrate whether the table is the service's own */
    Catalogue(Database database, HikariDataSource pool, boolean migrate) {
        this.database = database;
        this.pool = pool;
        this.reset = database.reset(pool);
        this.migrate = migrate;
        circuit.getEventPublisher().onStateTransition(event -> {
            if (event.getStateTransition() == CircuitBreaker.StateTransition.CLOSED_TO_OPEN) {
                LOG.warn("{} fails lookups. They fail at once until one succeeds: {}", SUBJECT,
                        LogText.ofDatabase(lastFailure));
            } else if (event.getStateTransition().getToState() == CircuitBreaker.State.CLOSED) {
                LOG.info("{} serves lookups again", SUBJECT);
            }
        });
        pool.setExceptionOverride(new SQLExceptionOverride() {
            /** Counts a failed statement, unless it compares a value of class 22 of SQL's states, a client's choice. */
            @java.lang.Override
            public Override adjudicate(SQLException failure) {
                if (String.valueOf(failure.getSQLState()).startsWith("22")) {
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
            Connection connection = connection();
            long left = Math.max(1, LONGEST_MILLIS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            // On the same thread, because a thread of the driver's would only close the socket. The pool resets it.
            connection.setNetworkTimeout(Runnable::run, (int) left);
            // Embedded H2 has no network, and the other timeout has no fractions of a second.
            int seconds = Math.max(1, (int) Math.round(left / 1000.0));
            return limited(Connection.class, null, Map.of(
                    "prepareStatement", arguments -> statement(connection, arguments, seconds),
                    "close", none -> end(connection)));
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

    /** Returns an object with these methods, and with the others of the target; without a target, with no others. */
    private static <T> T limited(Class<T> type, T target, Map<String, Call> own) {
        return type.cast(Proxy.newProxyInstance(Catalogue.class.getClassLoader(), new Class<?>[] {type},
                (proxy, method, arguments) -> {
                    Call call = own.get(method.getName());
                    if (call == null && target == null) {
                        throw new SQLSyntaxErrorException("a lookup has no " + method.getName(), "42000");
                    }
                    return call != null ? call.of(arguments)
                            : AopUtils.invokeJoinpointUsingReflection(target, method, arguments);
                }));
    }

    private static PreparedStatement statement(Connection connection, Object[] arguments, int seconds)
            throws SQLException {
        String sql = arguments[0].toString();
        String fault = arguments.length > 1 ? "a lookup makes no keys" : LookupStatement.fault(sql);
        if (fault != null) {
            throw new SQLSyntaxErrorException(fault, "42000");
        }
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setQueryTimeout(seconds);
        statement.setMaxRows(MOST_ROWS);
        return limited(PreparedStatement.class, statement, Map.of(
                "executeQuery", none -> rows(statement.executeQuery()),
                "getResultSet", none -> rows(statement.getResultSet())));
    }

    private static ResultSet rows(ResultSet rows) throws SQLException {
        if (rows.getMetaData().getColumnCount() != 1) {
            throw new SQLSyntaxErrorException("a lookup selects one column", "42000");
        }
        return limited(ResultSet.class, rows, Map.of("getObject", any -> text(rows.getString(1))));
    }

    private static String text(String text) throws SQLDataException {
        if (text != null && text.length() > LONGEST_TEXT) {
            throw new SQLDataException("a lookup gives at most " + LONGEST_TEXT + " characters", "22001");
        }
        return text;
    }

    /** Counts a lookup as successful. The pool has closed the connection if the statement failed. */
    private Object end(Connection connection) throws SQLException {
        if (connection.isClosed()) {
            return null;
        }
        circuit.onSuccess(0, TimeUnit.NANOSECONDS);
        if (reset.isEmpty()) {
            pool.evictConnection(connection);
            return null;
        }
        try (connection; Statement statement = connection.createStatement()) {
            for (String sql : reset) {
                statement.execute(sql);
            }
        }
        return null;
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

    private Connection connection() throws SQLException, InterruptedException {
        if (!opened.await(1, TimeUnit.SECONDS)) {
            throw new SQLTransientConnectionException("its table is not yet migrated");
        }
        return pool.getConnection();
    }

    @Override
    public Set<String> names() {
        return Set.of("library.catalogue");
    }

    @Override
    public String probe(String name) {
        try {
            if (opened.getCount() > 0) {
                if (migrate) {
                    database.migrate();
                }
                keptOpen = database.keepOpen();
                opened.countDown();
            }
            try (Connection connection = pool.getConnection()) {
                return connection.isValid(1) ? null : "a connection does not respond";
            }
        } catch (SQLException | FlywayException failure) {
            return LogText.ofDatabase(failure);
        }
    }

    @Override
    public Map<String, String> known(String name) {
        return Map.of("circuit", circuit.getState().name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void close() {
        pool.close();
        JdbcUtils.closeConnection(keptOpen);
    }
}
