package org.ccmessaging.filestream.console;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/**
 * Turns on the console if a login is configured. {@code META-INF/spring.factories} registers this listener, because a
 * bean would set {@code hawtio.enabled} too late for the conditions of other beans.
 */
final class ConsoleSwitch implements ApplicationListener<ApplicationContextInitializedEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleSwitch.class);

    @Override
    public void onApplicationEvent(ApplicationContextInitializedEvent starting) {
        ConfigurableEnvironment environment = starting.getApplicationContext().getEnvironment();
        boolean hasProvider = Binder.get(environment).bind("spring.security.oauth2.client.registration",
                Bindable.mapOf(String.class, Object.class)).isBound();
        boolean hasUser = Stream.of(".username", ".password")
                .anyMatch(key -> StringUtils.hasText(environment.getProperty(ConsoleSettings.PREFIX + key)));
        if (!hasUser && !hasProvider) {
            LOG.info("The console is off. To turn it on, set filestream.console.username and .password"
                    + " (FILESTREAM_CONSOLE_USERNAME, FILESTREAM_CONSOLE_PASSWORD), or"
                    + " spring.security.oauth2.client.*");
            return;
        }
        Map<String, Object> on = new HashMap<>(Map.of("hawtio.enabled", true, "hawtio.access", "read-only"));
        if (hasProvider) {
            // After the redirect from the provider's site, browsers would not send a Strict cookie.
            on.put("server.servlet.session.cookie.same-site", "lax");
        }
        environment.getPropertySources().addFirst(new MapPropertySource("console", on));
        LOG.info("The console is on, behind a login: /actuator/hawtio on the management port");
    }
}
