package org.ccmessaging.filestream.library;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import javax.sql.DataSource;
import org.ccmessaging.filestream.settings.LibrarySettings;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Makes the bean {@code dataSource} of routes. A service without a catalogue and without a database has none. */
@Configuration(proxyBeanMethods = false)
class LibraryConfiguration {

    /** The catalogue, or a database for other routes of an installation. Tests of routes replace it. */
    @Bean
    @ConditionalOnExpression("environment.getProperty('filestream.library.catalogue') == 'sql'"
            + " or environment.getProperty('spring.datasource.url', '') != ''")
    @ConditionalOnMissingBean(DataSource.class)
    Catalogue dataSource(Environment environment, LibrarySettings settings, MeterRegistry meters) {
        Database database = new Database(environment);
        HikariDataSource pool = database.pool();
        pool.setMetricRegistry(meters);
        return new Catalogue(database, pool,
                settings.migrate() && settings.catalogue() == LibrarySettings.Catalogue.SQL);
    }
}
