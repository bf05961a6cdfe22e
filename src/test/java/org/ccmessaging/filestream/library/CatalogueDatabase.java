package org.ccmessaging.filestream.library;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** A database of the catalogue, as the service uses it. */
public final class CatalogueDatabase {

    private CatalogueDatabase() {
    }

    /** Creates the table before a service does. */
    public static void createTable(String url, String user) {
        Flyway.configure().dataSource(url, user, "").schemas("filestream").locations("classpath:library/every").load()
                .migrate();
    }

    /** Returns the pool of a service with these settings. */
    static HikariDataSource pool(Map<String, Object> settings) {
        StandardEnvironment environment = new StandardEnvironment();
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
        return new LibraryConfiguration().dataSource(environment);
    }

    static ShareCatalogue lookUps(HikariDataSource pool) {
        return new ShareCatalogue(new StaticListableBeanFactory(Map.of("dataSource", pool))
                .getBeanProvider(HikariDataSource.class));
    }
}
