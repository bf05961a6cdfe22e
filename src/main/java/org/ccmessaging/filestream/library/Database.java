package org.ccmessaging.filestream.library;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import java.util.Optional;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.core.env.Environment;
import org.springframework.util.Assert;

/** The database of {@code spring.datasource.*}. */
public final class Database {

    private static final String SCHEMA = "filestream";
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final int MIGRATION_SECONDS = 4;

    private final Binder binder;
    private final DataSourceProperties settings;
    private final boolean postgres;

    /** @throws InvalidSettingException if there is no URL, or no driver for it on the class path */
    public Database(Environment environment) {
        this.binder = Binder.get(environment);
        this.settings = binder.bindOrCreate("spring.datasource", DataSourceProperties.class);
        this.postgres = String.valueOf(settings.getUrl()).startsWith("jdbc:postgresql:");
        try {
            // Without a URL, Spring Boot would choose an embedded database.
            Assert.hasText(settings.getUrl(), "no URL");
            Class.forName(settings.determineDriverClassName());
        } catch (ReflectiveOperationException | RuntimeException missing) {
            throw new InvalidSettingException("spring.datasource.url", shown(),
                    "the JDBC URL of a PostgreSQL database, or of one whose driver is in lib/");
        }
    }

    /**
     * Returns a pool that connects when it is first used. A connection is there within 1.5 s, or fails, and only reads.
     * {@code spring.datasource.hikari.*} overrides the limits.
     */
    HikariDataSource pool() {
        HikariDataSource pool = settings.initializeDataSourceBuilder().type(HikariDataSource.class).build();
        pool.setPoolName("catalogue");
        pool.setInitializationFailTimeout(-1);
        pool.setConnectionTimeout(1000);
        pool.setValidationTimeout(500);
        pool.setMinimumIdle(2);
        pool.setReadOnly(true);
        ofDriver(2).forEach(pool::addDataSourceProperty);
        binder.bind("spring.datasource.hikari", Bindable.ofInstance(pool));
        if (postgres) {
            // Without the timeout, a statement that waits for a lock stays on the server after its lookup has ended.
            pool.addDataSourceProperty("options", "-c statement_timeout=2000 -c default_transaction_read_only=on");
            Optional.ofNullable(pool.getSchema()).ifPresent(name -> pool.addDataSourceProperty("currentSchema", name));
        }
        return pool;
    }

    /**
     * The deadlines of PostgreSQL's driver in seconds. Other drivers have other units under the same names. A text
     * takes the type of the column with which a statement compares it, since PostgreSQL compares no number with a text.
     * Without statements that the server prepares, no session keeps the type of a column that has changed.
     */
    private Map<String, String> ofDriver(int seconds) {
        return postgres ? Map.of("connectTimeout", String.valueOf(seconds),
                "socketTimeout", String.valueOf(seconds), "ApplicationName", "ccmessaging-filestream",
                "assumeMinServerVersion", "9.0", "stringtype", "unspecified",
                "prepareThreshold", "0") : Map.of();
    }

    /**
     * Creates the table if it does not exist, or brings it to this version.
     *
     * @throws FlywayException if the database cannot be reached or refuses
     */
    public void migrate() {
        MigrateResult done = Flyway.configure()
                .dataSource(settings.getUrl(), settings.getUsername(), settings.getPassword())
                .jdbcProperties(ofDriver(MIGRATION_SECONDS)).schemas(SCHEMA)
                .locations("classpath:library/every").load().migrate();
        if (done.migrationsExecuted > 0) {
            LOG.info("{} the catalogue's table multimedia_file in schema {} of {}",
                    done.initialSchemaVersion == null ? "Created" : "Changed", SCHEMA, shown());
        }
    }

    private String shown() {
        return settings.getUrl() == null ? "" : settings.getUrl().replaceFirst("[?;].*", "");
    }
}
