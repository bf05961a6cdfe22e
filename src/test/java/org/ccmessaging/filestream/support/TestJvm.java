package org.ccmessaging.filestream.support;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.Extension;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Prepares the JVM before any test runs. JUnit finds this class through its services file. */
public final class TestJvm implements Extension {

    static {
        // Awaitility's 10 s are little where four classes share two processors and some start services.
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
        // Binders without a conversion service share a converter, which creates its editors at first use and without
        // a lock. With several tests at once, one of them could find no converter for a path.
        new Binder(new MapConfigurationPropertySource(Map.of("path", "."))).bind("path", Path.class).get();
    }
}
