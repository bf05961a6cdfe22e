package org.ccmessaging.filestream.library;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.flywaydb.core.Flyway;
import org.springframework.boot.autoconfigure.jdbc.DataSourceProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The database of {@code spring.datasource.*}, or H2 in a file of {@code data/} if no URL is set. Routes connect to
 * that file as a user who may only select.
 */
public final class Database {

    private static final String H2_FILE = "jdbc:h2:file:./data/library;DATABASE_TO_LOWER=TRUE;DB_CLOSE_ON_EXIT=FALSE";
    private static final int MIGRATION_SECONDS = 4;

    private final Binder binder;
    private final String url;
    private final String user;
    private final String password;
    private final String userOfRoutes;
    private final String driver;

    /** @throws InvalidSettingException if no driver for the URL is on the class path */
    public Database(Environment environment) {
        this.binder = Binder.get(environment);
        DataSourceProperties settings = binder.bindOrCreate("spring.datasource", DataSourceProperties.class);
        boolean none = SettingChecks.blankToNull(settings.getUrl()) == null;
        this.url = none ? H2_FILE : settings.getUrl();
        this.user = none ? "sa" : settings.getUsername();
        this.password = none ? "" : settings.getPassword();
        this.userOfRoutes = none ? "routes" : user;
        settings.setUrl(url);
        try {
            this.driver = settings.determineDriverClassName();
            Class.forName(driver);
        } catch (ReflectiveOperationException | RuntimeException missing) {
            throw new InvalidSettingException("spring.datasource.url", url.replaceFirst("[?;].*", ""),
                    "the JDBC URL of a PostgreSQL or H2 database, or of one whose driver is in lib/");
        }
    }

    /**
     * Returns a pool that connects when it is first used. A connection is there within 1.5 s, or fails.
     * {@code spring.datasource.hikari.*} overrides the limits.
     */
    HikariDataSource pool() {
        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName("catalogue");
        pool.setDriverClassName(driver);
        pool.setJdbcUrl(url);
        pool.setUsername(userOfRoutes);
        pool.setPassword(password);
        pool.setInitializationFailTimeout(-1);
        pool.setConnectionTimeout(1000);
        pool.setValidationTimeout(500);
        pool.setMinimumIdle(2);
        limits(2).forEach(pool::addDataSourceProperty);
        if (isPostgres()) {
            // Otherwise a statement that waits for a lock stays on the server after its lookup has ended.
            pool.setConnectionInitSql("set statement_timeout = 2000");
        }
        binder.bind("spring.datasource.hikari", Bindable.ofInstance(pool));
        return pool;
    }

    /** The deadlines of PostgreSQL's driver in seconds. Other drivers have other units under the same names. */
    private Map<String, String> limits(int seconds) {
        return isPostgres() ? Map.of("connectTimeout", String.valueOf(seconds),
                "socketTimeout", String.valueOf(seconds), "ApplicationName", "ccmessaging-filestream") : Map.of();
    }

    private boolean isPostgres() {
        return url.startsWith("jdbc:postgresql:");
    }

    /**
     * Creates the table if it does not exist, or brings it to this version.
     *
     * @throws org.flywaydb.core.api.FlywayException if the database cannot be reached or refuses
     */
    public void migrate() {
        String[] scripts = url.equals(H2_FILE) ? new String[] {"classpath:library/every", "classpath:library/h2"}
                : new String[] {"classpath:library/every"};
        Flyway.configure().dataSource(url, user, password).jdbcProperties(limits(MIGRATION_SECONDS))
                .schemas("filestream").locations(scripts).load().migrate();
    }

    /** Returns a connection without limits of time, which may change rows. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url, user, password);
    }
}
