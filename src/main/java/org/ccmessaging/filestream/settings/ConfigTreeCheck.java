package org.ccmessaging.filestream.settings;

import java.util.List;
import org.springframework.boot.context.config.ConfigDataLocation;
import org.springframework.boot.context.config.ConfigDataLocationResolver;
import org.springframework.boot.context.config.ConfigDataLocationResolverContext;
import org.springframework.boot.context.config.ConfigDataResource;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Refuses a folder of secrets whose location lacks the slash at its end, which Spring Boot would answer with a stack
 * trace. Spring Boot finds this class through {@code META-INF/spring.factories}.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ConfigTreeCheck implements ConfigDataLocationResolver<ConfigDataResource> {

    @Override
    public boolean isResolvable(ConfigDataLocationResolverContext context, ConfigDataLocation location) {
        return location.hasPrefix("configtree:") && !location.getValue().endsWith("/");
    }

    /** @throws InvalidSettingException always */
    @Override
    public List<ConfigDataResource> resolve(ConfigDataLocationResolverContext context, ConfigDataLocation location) {
        throw new InvalidSettingException("spring.config.import", location, location + "/, with a slash at the end");
    }
}
