package org.ccmessaging.filestream.library;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.ccmessaging.filestream.toolkit.LogText;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.core.env.Environment;

/**
 * The database of {@code spring.datasource.*}, or H2 in a file of {@code data/} if no URL is set. Routes connect to
 * that file as a user who may only select.
 */
public final class Database {

    private static final String H2_FILE = "jdbc:h2:file:./data/library;DATABASE_TO_LOWER=TRUE;DB_CLOSE_ON_EXIT=FALSE";
    private static final String SCHEMA = "filestream";
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final int MIGRATION_SECONDS = 4;

    private final Binder binder;
    private final DataSourceProperties settings;
    private final boolean ours;
    private final boolean postgres;
    private final boolean migrates;

    /** @throws InvalidSettingException if no driver for the URL is on the class path */
    public Database(Environment environment) {
        this.binder = Binder.get(environment);
        this.settings = binder.bindOrCreate("spring.datasource", DataSourceProperties.class);
        this.ours = SettingChecks.blankToNull(settings.getUrl()) == null;
        if (ours) {
            settings.setUrl(H2_FILE);
            settings.setUsername("sa");
            settings.setPassword("");
        }
        this.postgres = settings.getUrl().startsWith("jdbc:postgresql:");
        this.migrates = environment.getProperty("filestream.library.migrate", Boolean.class, true);
        try {
            Class.forName(settings.determineDriverClassName());
        } catch (ReflectiveOperationException | RuntimeException missing) {
            throw new InvalidSettingException("spring.datasource.url", shown(),
                    "the JDBC URL of a PostgreSQL or H2 database, or of one whose driver is in lib/");
        }
    }

    /**
     * Returns a pool that connects when it is first used. A connection is there within 1.5 s, or fails, and only reads.
     * {@code spring.datasource.hikari.*} overrides the limits.
     */
    HikariDataSource pool() {
        HikariDataSource pool = settings.initializeDataSourceBuilder().type(HikariDataSource.class).build();
        pool.setUsername(ours ? "routes" : settings.getUsername());
        pool.setPoolName("catalogue");
        pool.setInitializationFailTimeout(-1);
        pool.setConnectionTimeout(1000);
        pool.setValidationTimeout(500);
        pool.setMinimumIdle(2);
        pool.setReadOnly(true);
        ofDriver(2).forEach(pool::addDataSourceProperty);
        binder.bind("spring.datasource.hikari", Bindable.ofInstance(pool));
        if (postgres) {
            // What a connection starts with, "discard all" restores. Without the timeout, a statement that waits for a
            // lock stays on the server after its lookup has ended.
            pool.addDataSourceProperty("options", "-c statement_timeout=2000 -c default_transaction_read_only=on");
            Optional.ofNullable(pool.getSchema()).ifPresent(name -> pool.addDataSourceProperty("currentSchema", name));
        }
        return pool;
    }

    /** The statements after which a session is as new; none if only a new session is. */
    List<String> reset(HikariDataSource pool) {
        return !postgres ? List.of() : Stream.of("discard all", pool.getConnectionInitSql()).filter(Objects::nonNull)
                .toList();
    }

    /** Returns a new session as those of the pool are. While one of the pool is open, H2 opens no file for it. */
    static Connection session(HikariDataSource pool) throws SQLException {
        Properties properties = new Properties();
        properties.putAll(pool.getDataSourceProperties());
        if (pool.getUsername() != null) {
            properties.put("user", pool.getUsername());
            properties.put("password", Objects.requireNonNullElse(pool.getPassword(), ""));
        }
        Connection session = DriverManager.getConnection(pool.getJdbcUrl(), properties);
        session.setReadOnly(true);
        if (pool.getSchema() != null) {
            session.setSchema(pool.getSchema());
        }
        return session;
    }

    /**
     * The deadlines of PostgreSQL's driver in seconds. Other drivers have other units under the same names. A text
     * takes the type of the column with which a statement compares it, since PostgreSQL compares no number with a text.
     */
    private Map<String, String> ofDriver(int seconds) {
        return postgres ? Map.of("connectTimeout", String.valueOf(seconds),
                "socketTimeout", String.valueOf(seconds), "ApplicationName", "ccmessaging-filestream",
                "assumeMinServerVersion", "9.0", "stringtype", "unspecified") : Map.of();
    }

    /**
     * Creates the table if it does not exist, or brings it to this version.
     *
     * @throws FlywayException if the database cannot be reached or refuses
     */
    public void migrate() {
        String[] scripts = ours ? new String[] {"classpath:library/every", "classpath:library/h2"}
                : new String[] {"classpath:library/every"};
        MigrateResult done = Flyway.configure()
                .dataSource(settings.getUrl(), settings.getUsername(), settings.getPassword())
                .jdbcProperties(ofDriver(MIGRATION_SECONDS)).schemas(SCHEMA).locations(scripts).load().migrate();
        if (done.migrationsExecuted > 0) {
            LOG.info("{} the catalogue's table multimedia_file in schema {} of {}",
                    done.initialSchemaVersion == null ? "Created" : "Changed", SCHEMA, shown());
        }
    }

    /**
     * Returns a connection without limits of time, which may change rows. The table exists if it is the service's own.
     *
     * @throws SQLException with the address and the driver's words
     */
    public Connection connect() throws SQLException {
        try {
            if (migrates) {
                migrate();
            }
            return DriverManager.getConnection(settings.getUrl(), settings.getUsername(),
                    settings.getPassword());
        } catch (SQLException | FlywayException failure) {
            throw new SQLException("spring.datasource.url = \"" + shown() + "\": " + LogText.ofDatabase(failure));
        }
    }

    private String shown() {
        return settings.getUrl().replaceFirst("[?;].*", "");
    }
}
