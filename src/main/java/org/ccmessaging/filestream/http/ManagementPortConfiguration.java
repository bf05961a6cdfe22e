package org.ccmessaging.filestream.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.MeterRegistry;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Configures the management port where Spring Boot has no property. {@code ManagementContextConfiguration.imports}
 * registers this class in that port's context. It has no {@code @Configuration}: the application's scan would find it
 * and configure the API port as well.
 */
class ManagementPortConfiguration {

    /** Limits of the watchdog: low, because only probes, scrapers and the console use this port. */
    private static final int MOST_BODIES = 16;
    private static final int MOST_READERS = 64;
    private static final String PORT = "management.server.port";

    /** @throws InvalidSettingException if the API port would serve health, metrics and the console, without a login */
    ManagementPortConfiguration(Environment environment) {
        SettingChecks.refuseIf(ManagementPortType.get(environment) == ManagementPortType.SAME, PORT,
                environment.getProperty(PORT), "another port than server.port, which serves the API and nothing else");
    }

    /** Spring Boot's own customizers come first and apply {@code server.*} to both ports. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> managementPort(
            ManagementServerProperties management, HttpSettings settings, MeterRegistry meters) {
        return factory -> {
            // Otherwise server.ssl would turn TLS on here as well, and probes and scrapers would fail.
            if (management.getSsl() == null) {
                factory.setSsl(null);
            }
            LimitedProtocol.use(factory, () -> new Watchdog(settings, meters, MOST_BODIES, MOST_READERS));
            // Browsers send forms in UTF-8 and do not name the charset. Otherwise only an ASCII password would work.
            factory.addContextCustomizers(context -> context.setRequestCharacterEncoding(UTF_8.name()));
        };
    }
}
