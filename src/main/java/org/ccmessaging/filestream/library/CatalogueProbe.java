package org.ccmessaging.filestream.library;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.Set;
import org.ccmessaging.filestream.storage.StorageProbe;
import org.ccmessaging.filestream.toolkit.LogText;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Probes the database of {@code dataSource}. With {@code filestream.library.migrate}, the first successful probe also
 * creates or migrates the catalogue's table, so that startup does not wait for the database.
 */
final class CatalogueProbe implements StorageProbe {

    private final HikariDataSource pool;
    private final ShareCatalogue lookUps;
    private volatile boolean migrated;

    CatalogueProbe(HikariDataSource pool, ShareCatalogue lookUps, boolean migrate) {
        this.pool = pool;
        this.lookUps = lookUps;
        this.migrated = !migrate;
    }

    @Override
    public Set<String> names() {
        return Set.of("library.catalogue");
    }

    @Override
    public Down probe(String name) {
        try {
            if (!migrated) {
                migrate();
            }
            // HikariCP tests the connection, unless a lookup used the connection in the last 500 ms.
            pool.getConnection().close();
            return null;
        } catch (SQLException | FlywayException failure) {
            return lookUps.isOwnQueue(failure) ? null : new Down(LogText.ofDatabase(failure),
                    "Start the database, or correct spring.datasource.url, .username or .password");
        }
    }

    /** Migrates the table over a separate connection, because the pool's connections are read-only. */
    private void migrate() {
        Flyway.configure().dataSource(pool.getJdbcUrl(), pool.getUsername(), pool.getPassword())
                .jdbcProperties(LibraryConfiguration.ofDriver(pool)).schemas("filestream")
                .locations("classpath:library/every").load().migrate();
        migrated = true;
    }
}
