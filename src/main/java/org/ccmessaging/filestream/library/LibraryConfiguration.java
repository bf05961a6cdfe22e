package org.ccmessaging.filestream.library;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import javax.sql.DataSource;
import org.ccmessaging.filestream.storage.LibrarySettings;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** Makes the bean {@code dataSource} of routes. A service without a catalogue and without a database has none. */
@Configuration(proxyBeanMethods = false)
class LibraryConfiguration {

    private static final String CATALOGUE = "filestream.library.catalogue";

    /** The catalogue. Tests of routes replace it. */
    @Bean
    @ConditionalOnProperty(name = CATALOGUE, havingValue = "sql")
    @ConditionalOnMissingBean(DataSource.class)
    Catalogue dataSource(Environment environment, LibrarySettings settings, MeterRegistry meters) {
        Database database = new Database(environment);
        HikariDataSource pool = database.pool();
        pool.setMetricRegistry(meters);
        return new Catalogue(database, pool, settings.migrate());
    }

    /** A database for other routes of an installation, as Spring Boot configures it. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = CATALOGUE, havingValue = "none")
    @ConditionalOnProperty("spring.datasource.url")
    @Import(DataSourceAutoConfiguration.class)
    static class OfInstallation {
    }
}
