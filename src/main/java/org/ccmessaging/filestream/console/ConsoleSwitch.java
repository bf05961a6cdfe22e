package org.ccmessaging.filestream.console;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/**
 * Turns on the console if a login is configured. {@code application.yaml} turns it off, with Jolokia and Camel's JMX,
 * so that a service without a console pays nothing for it. Spring Boot finds this class through
 * {@code META-INF/spring.factories}. It runs before there are beans, because conditions on beans read the property.
 */
final class ConsoleSwitch implements ApplicationListener<ApplicationContextInitializedEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleSwitch.class);

    @Override
    public void onApplicationEvent(ApplicationContextInitializedEvent starting) {
        ConfigurableEnvironment environment = starting.getApplicationContext().getEnvironment();
        if (!isWanted(environment)) {
            LOG.info("The console is off. To turn it on, set filestream.console.username and .password"
                    + " (FILESTREAM_CONSOLE_USERNAME, FILESTREAM_CONSOLE_PASSWORD), or filestream.console.oidc.*");
            return;
        }
        Map<String, Object> on = new HashMap<>(Map.of("hawtio.enabled", true));
        if (StringUtils.hasText(environment.getProperty(ConsoleSettings.PREFIX + ".oidc.issuer-uri"))) {
            // The provider's page redirects the user back. A browser sends no strict cookie with that request.
            on.put("server.servlet.session.cookie.same-site", "lax");
        }
        environment.getPropertySources().addFirst(new MapPropertySource("console", on));
        LOG.info("The console is on, behind a login: /actuator/hawtio on the management port");
    }

    /** Returns whether any setting of a login exists. {@link ConsoleSettings} checks that they are complete. */
    private static boolean isWanted(Environment environment) {
        return Stream.of("username", "password", "oidc.issuer-uri", "oidc.client-id", "oidc.client-secret")
                .anyMatch(key -> StringUtils.hasText(environment.getProperty(ConsoleSettings.PREFIX + "." + key)));
    }
}
