package org.ccmessaging.filestream.support;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * Binds a path before any test runs. Binders without a conversion service share a converter, which creates its editors
 * at first use and without a lock. With several tests at once, one of them could find no converter for a path. JUnit
 * finds this class through its services file.
 */
public final class ConverterOnce implements BeforeAllCallback {

    static {
        new Binder(new MapConfigurationPropertySource(Map.of("path", "."))).bind("path", Path.class).get();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // The initialization of the class has done it, once in a JVM.
    }
}
