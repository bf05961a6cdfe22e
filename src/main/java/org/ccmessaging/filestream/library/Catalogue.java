package org.ccmessaging.filestream.library;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    /** Maximum length of a parameter and of a result in characters, as long as the longest key of an object. */
    private static final int LONGEST_TEXT = 1024;

    /** Maximum length of all parameters together: a statement may use them again and again, in each row. */
    private static final int LONGEST_TEXTS = 4 * LONGEST_TEXT;
    /** Methods that take a parameter. */
    private static final Set<String> SETTERS = Stream.of(PreparedStatement.class.getDeclaredMethods())
            .map(Method::getName).filter(name -> name.startsWith("set") && !name.equals("setNull"))
            .collect(Collectors.toSet());

    /** Advice to the operator if the database accepts no connection. */
    static final String ADVICE = "Start the database, or correct spring.datasource.url, .username or .password";

    private static final String SUBJECT = "The catalogue of the multimedia library";
    private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);

    private final Database database;
    private final HikariDataSource pool;
    private final List<String> reset;
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
        this.reset = database.reset(pool);
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
                return isOfClient(failure) ? Override.DO_NOT_EVICT : Override.MUST_EVICT;
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
            return new Lookup(connection, left).connection();
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

    /** The connection that the data source gives to a route. It allows one prepared query. */
    private final class Lookup {

        private final Connection pooled;
        private final int seconds;
        private boolean used;
        private boolean failed;
        private int characters;

        /** A method of the connection, its statement or its result. */
        private interface Call {
            Object of(Object[] arguments) throws SQLException;
        }

        /**
         * @param pooled leaves the pool after the lookup, unless a statement can reset its session
         * @param millis the time that is left; embedded H2 has no network, and takes only seconds
         */
        Lookup(Connection pooled, long millis) {
            this.pooled = pooled;
            this.seconds = Math.max(1, (int) Math.round(millis / 1000.0));
        }

        Connection connection() {
            return limited(Connection.class, null, Map.of("prepareStatement", this::statement, "close", this::end));
        }

        /** Returns an object with these methods, and with the others of the target; without a target, no others. */
        private <T> T limited(Class<T> type, T target, Map<String, Call> own) {
            return type.cast(Proxy.newProxyInstance(Catalogue.class.getClassLoader(), new Class<?>[] {type},
                    (proxy, method, arguments) -> {
                        Call call = own.get(method.getName());
                        if (call == null && target == null) {
                            throw new InvalidDataAccessResourceUsageException("a lookup has no " + method.getName());
                        }
                        try {
                            return call != null ? call.of(arguments)
                                    : AopUtils.invokeJoinpointUsingReflection(target, method, arguments);
                        } catch (SQLException failure) {
                            if (!failed && !isOfClient(failure)) {
                                failed = true;
                                failed(failure);
                            }
                            throw failure;
                        }
                    }));
        }

        private PreparedStatement statement(Object[] arguments) throws SQLException {
            String sql = arguments[0].toString();
            String fault = arguments.length > 1 || used ? "a lookup runs one statement"
                    : LookupStatement.fault(sql);
            if (fault != null) {
                throw new InvalidDataAccessResourceUsageException(fault);
            }
            used = true;
            PreparedStatement statement = pooled.prepareStatement(sql);
            statement.setQueryTimeout(seconds);
            statement.setMaxRows(MOST_ROWS);
            Map<String, Call> own = SETTERS.stream().collect(Collectors.toMap(name -> name, name -> values -> {
                statement.setObject((int) values[0], parameter(values[1]));
                return null;
            }));
            own.put("executeQuery", none -> rows(statement.executeQuery()));
            own.put("getResultSet", none -> rows(statement.getResultSet()));
            return limited(PreparedStatement.class, statement, own);
        }

        private Object parameter(Object value) throws SQLException {
            int length = value instanceof String text ? text.length() : 0;
            characters += length;
            if (length > LONGEST_TEXT || characters > LONGEST_TEXTS || !(value instanceof String
                    || value instanceof Number || value instanceof Boolean || value instanceof Date)) {
                throw new SQLDataException("a lookup takes texts of at most " + LONGEST_TEXT + " characters, "
                        + LONGEST_TEXTS + " in total, and numbers", "22001");
            }
            return value;
        }

        private ResultSet rows(ResultSet rows) throws SQLException {
            if (rows.getMetaData().getColumnCount() != 1) {
                throw new InvalidDataAccessResourceUsageException("a lookup selects one column");
            }
            return limited(ResultSet.class, rows, Map.of("getObject", any -> {
                String text = rows.getString(1);
                if (text != null && text.length() > LONGEST_TEXT) {
                    throw new SQLDataException("a lookup gives at most " + LONGEST_TEXT + " characters", "22001");
                }
                return text;
            }));
        }

        /** Leaves nothing of the session. The pool has closed the connection if its statement failed. */
        private Object end(Object[] none) throws SQLException {
            if (!used) {
                circuit.releasePermission();
            } else if (!failed) {
                circuit.onSuccess(0, TimeUnit.NANOSECONDS);
            }
            try (pooled) {
                if (used && reset.isEmpty()) {
                    pool.evictConnection(pooled);
                } else if (used && !pooled.isClosed()) {
                    try (Statement statement = pooled.createStatement()) {
                        for (String sql : reset) {
                            statement.execute(sql);
                        }
                    }
                }
            }
            return null;
        }
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
