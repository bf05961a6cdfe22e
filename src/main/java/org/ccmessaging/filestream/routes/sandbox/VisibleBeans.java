package org.ccmessaging.filestream.routes.sandbox;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.spi.BeanRepository;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Spring's beans as routes see them: those that hold settings, secrets or keys, and Spring itself, have no name here.
 * Camel still finds by type what it needs for itself.
 */
final class VisibleBeans implements BeanRepository {

    /** Rooms of this service whose beans issue tokens, check secrets or serve the console. */
    private static final List<String> CLOSED_ROOMS = List.of("org.ccmessaging.filestream.auth.token.",
            "org.ccmessaging.filestream.brake.", "org.ccmessaging.filestream.console.",
            "org.ccmessaging.filestream.routes.");

    /** Spring's own beans that hold the environment or the application. */
    private static final Set<String> SYSTEM = Set.of("environment", "systemProperties", "systemEnvironment",
            "contextParameters", "contextAttributes");

    /**
     * What the service itself is made of. Camel looks up by name and type what it needs of it. Who has a name alone
     * would call any method: an {@code aggregationStrategyMethodName} could set the levels of the log.
     */
    private static final List<String> PARTS = List.of("org.ccmessaging.filestream.", "org.springframework.boot.",
            "org.springframework.web.", "org.springframework.http.", "org.springframework.context.",
            "org.springframework.core.", "org.springframework.beans.", "org.apache.camel.spring.boot.",
            "org.apache.camel.impl.", "org.apache.catalina.");

    private final ApplicationContext spring;
    private final BeanRepository all;
    private final Receivers receivers;

    /** @param all the beans that the context of the routes may have at all */
    VisibleBeans(ApplicationContext spring, BeanRepository all, Receivers receivers) {
        this.spring = spring;
        this.all = all;
        this.receivers = receivers;
    }

    @Override
    public Object lookupByName(String name) {
        return isClosed(name) || isPart(name) ? null : all.lookupByName(name);
    }

    @Override
    public <T> T lookupByNameAndType(String name, Class<T> type) {
        boolean untyped = type == Object.class && isPart(name);
        return isClosed(name) || untyped ? null : all.lookupByNameAndType(name, type);
    }

    @Override
    public <T> Map<String, T> findByTypeWithName(Class<T> type) {
        return all.findByTypeWithName(type);
    }

    @Override
    public <T> Set<T> findByType(Class<T> type) {
        return all.findByType(type);
    }

    private boolean isPart(String name) {
        Class<?> type = name == null || !spring.containsBean(name) ? null : spring.getType(name, false);
        return Sandbox.OPTIONS.contains(name) || type != null && !receivers.hasName(type)
                && PARTS.stream().anyMatch(type.getName()::startsWith);
    }

    private boolean isClosed(String name) {
        if (name == null || !spring.containsBean(name)) {
            return false;
        }
        Class<?> type = spring.getType(name, false);
        return SYSTEM.contains(name) || type == null || Environment.class.isAssignableFrom(type)
                || BeanFactory.class.isAssignableFrom(type)
                || CLOSED_ROOMS.stream().anyMatch(type.getName()::startsWith)
                || spring.findAnnotationOnBean(name, ConfigurationProperties.class, false) != null;
    }
}
