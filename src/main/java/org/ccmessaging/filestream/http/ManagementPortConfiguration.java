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
 * registers this class in that port's context. If this class had {@code @Configuration}, the application's component
 * scan would find the class, which would then also configure the API port.
 */
class ManagementPortConfiguration {

    /** Limits of the watchdog: low, because only probes, scrapers and the console use this port. */
    private static final int MOST_BODIES = 16;
    private static final int MOST_READERS = 64;
    private static final String PORT = "management.server.port";

    /** @throws InvalidSettingException if both ports are the same: health, metrics and console would need no login */
    ManagementPortConfiguration(Environment environment) {
        SettingChecks.refuseIf(ManagementPortType.get(environment) == ManagementPortType.SAME, PORT,
                environment.getProperty(PORT), "another port than server.port, which serves the API and nothing else");
    }

    /** Runs after Spring Boot's own customizers, which apply {@code server.*} to both ports. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> managementPort(
            ManagementServerProperties management, HttpSettings settings, MeterRegistry meters) {
        return factory -> {
            // Removes the TLS of server.ssl from this port. With TLS, probes and scrapers would fail.
            if (management.getSsl() == null) {
                factory.setSsl(null);
            }
            LimitedProtocol.use(factory, () -> new Watchdog(settings, meters, MOST_BODIES, MOST_READERS));
            // Browsers send forms in UTF-8 but name no charset. With Tomcat's default, only ASCII passwords would work.
            factory.addContextCustomizers(context -> context.setRequestCharacterEncoding(UTF_8.name()));
        };
    }
}
