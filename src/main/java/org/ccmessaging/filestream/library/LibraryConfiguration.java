package org.ccmessaging.filestream.library;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.LibrarySettings;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.Assert;

/** Makes the bean {@code dataSource} of routes. A service without a catalogue and without a database has none. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnExpression("environment.getProperty('filestream.library.catalogue') == 'sql'"
        + " or environment.getProperty('spring.datasource.url', '') != ''")
@ConditionalOnMissingBean(DataSource.class)
class LibraryConfiguration {

    /**
     * The database of the catalogue, or of other routes of an installation. Tests of routes replace it. The pool
     * connects when it is first used. {@code spring.datasource.hikari.*} has its limits.
     */
    @Bean
    HikariDataSource dataSource(Environment environment, MeterRegistry meters) {
        Binder binder = Binder.get(environment);
        DataSourceProperties database = binder.bindOrCreate("spring.datasource", DataSourceProperties.class);
        HikariDataSource pool;
        try {
            // Without a URL, Spring Boot would choose an embedded database.
            Assert.hasText(database.getUrl(), "no URL");
            pool = database.initializeDataSourceBuilder().type(HikariDataSource.class).build();
        } catch (RuntimeException missing) {
            throw new InvalidSettingException("spring.datasource.url",
                    String.valueOf(database.getUrl()).replaceFirst("[?;].*", ""),
                    "the JDBC URL of a PostgreSQL database, or of one whose driver is in lib/");
        }
        ofDriver(pool).forEach(pool::addDataSourceProperty);
        binder.bind("spring.datasource.hikari", Bindable.ofInstance(pool));
        if (!ofDriver(pool).isEmpty()) {
            // Without the timeout, a statement that waits for a lock stays on the server after its lookup has ended.
            pool.addDataSourceProperty("options", "-c statement_timeout=2000 -c default_transaction_read_only=on");
            Optional.ofNullable(pool.getSchema()).ifPresent(name -> pool.addDataSourceProperty("currentSchema", name));
        }
        pool.setMetricRegistry(meters);
        return pool;
    }

    /**
     * Properties of PostgreSQL's driver, deadlines in seconds; other drivers have other units under the same names.
     * {@code stringtype} lets the server convert a text to the type of the compared column, since PostgreSQL compares
     * no number with a text. {@code prepareThreshold} 0: a prepared statement would keep the old type of a column.
     */
    static Map<String, String> ofDriver(HikariDataSource pool) {
        return pool.getJdbcUrl().startsWith("jdbc:postgresql:") ? Map.of("connectTimeout", "2", "socketTimeout", "2",
                "ApplicationName", "ccmessaging-filestream", "assumeMinServerVersion", "9.0",
                "stringtype", "unspecified", "prepareThreshold", "0") : Map.of();
    }

    @Bean
    CatalogueProbe catalogueProbe(HikariDataSource dataSource, LibrarySettings settings, ShareCatalogue lookUps) {
        return new CatalogueProbe(dataSource, lookUps,
                settings.migrate() && settings.catalogue() == LibrarySettings.CatalogueType.SQL);
    }
}
