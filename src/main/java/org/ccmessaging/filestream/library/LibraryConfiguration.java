package org.ccmessaging.filestream.library;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
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

/** Creates the bean {@code dataSource} for routes, if a catalogue or a database is configured. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnExpression("T(org.springframework.boot.context.properties.bind.Binder).get(environment)"
        + ".bind('filestream.library', T(org.ccmessaging.filestream.settings.LibrarySettings)).get().catalogue().name()"
        + " == 'SQL' or environment.getProperty('spring.datasource.url', '') != ''")
@ConditionalOnMissingBean(DataSource.class)
class LibraryConfiguration {

    /** Creates the connection pool of the routes. The pool opens no connection before its first use. */
    @Bean
    HikariDataSource dataSource(Environment environment) {
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
            // The timeout is in ms. Without a timeout, a statement that waits for a lock could outlive the lookup.
            pool.addDataSourceProperty("options", "-c statement_timeout=2000 -c default_transaction_read_only=on");
        }
        return pool;
    }

    /**
     * Returns properties for PostgreSQL's driver (timeouts in seconds), and none for other drivers. {@code stringtype}
     * lets a text match a numeric column. {@code prepareThreshold} 0 avoids prepared statements, which would keep the
     * old type of a changed column.
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
