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
 * Configures the management port. {@code ManagementContextConfiguration.imports} registers this class. With annotation
 * {@code Configuration}, the component scan would also find the class and apply it to the API port.
 */
class ManagementPortConfiguration {

    /** This limit and the next are low, because only probes, scrapers and the console use this port. */
    private static final int MOST_BODIES = 16;
    private static final int MOST_READERS = 64;
    private static final String PORT = "management.server.port";

    /** @throws InvalidSettingException if the API has the same port, where customers could read health and metrics */
    ManagementPortConfiguration(Environment environment) {
        SettingChecks.refuseIf(ManagementPortType.get(environment) == ManagementPortType.SAME, PORT,
                environment.getProperty(PORT), "another port than server.port, which serves the API and nothing else");
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> managementPort(
            ManagementServerProperties management, HttpSettings settings, MeterRegistry meters) {
        return factory -> {
            // Spring Boot has applied server.ssl to this port too. With TLS, probes and scrapers would fail.
            if (management.getSsl() == null) {
                factory.setSsl(null);
            }
            LimitedProtocol.use(factory, () -> new Watchdog(settings, meters, "management", MOST_BODIES, MOST_READERS));
            // Browsers name no charset in forms. With Tomcat's default, only ASCII passwords would work.
            factory.addContextCustomizers(context -> context.setRequestCharacterEncoding(UTF_8.name()));
        };
    }
}
