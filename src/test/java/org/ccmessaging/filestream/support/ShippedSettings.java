package org.ccmessaging.filestream.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.FileSystemResource;

/** Settings as {@code config/application.yaml} has them, for tests of a step without a service around it. */
public final class ShippedSettings {

    private ShippedSettings() {
    }

    /** @param more settings that win, by their complete names */
    public static <T> T of(String prefix, Class<T> type, Map<String, Object> more) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        environment.getPropertySources().addFirst(new MapPropertySource("test", more));
        try {
            new YamlPropertySourceLoader().load("shipped", new FileSystemResource("config/application.yaml"))
                    .forEach(environment.getPropertySources()::addLast);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        // Without resolving placeholders: ${variable.tenantId} is an expression for Camel.
        return new Binder(ConfigurationPropertySources.from(environment.getPropertySources())).bind(prefix, type).get();
    }
}
