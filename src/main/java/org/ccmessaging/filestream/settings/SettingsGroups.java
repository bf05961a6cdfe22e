package org.ccmessaging.filestream.settings;

import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.stereotype.Component;

/**
 * Refuses a {@code filestream.<group>.*} setting whose group does not exist. Each settings class refuses unknown keys
 * of its own group, but no class reads a misspelt group. The settings classes define the groups.
 */
@Component
class SettingsGroups {

    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("filestream");

    /** @throws InvalidSettingException if a setting has an unknown group */
    SettingsGroups(ApplicationContext context) {
        Set<String> groups = groups(context);
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(context.getEnvironment())) {
            // Other programs share the environment, so the service must not refuse their variables.
            boolean shared = source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
            if (!shared && source instanceof IterableConfigurationPropertySource names) {
                names.stream().filter(PREFIX::isAncestorOf).forEach(name -> check(name, groups));
            }
        }
    }

    /** Reads annotations and not beans, so that Spring does not bind a settings class too early. */
    static Set<String> groups(ApplicationContext context) {
        Set<String> groups = new TreeSet<>();
        for (String bean : context.getBeanNamesForAnnotation(ConfigurationProperties.class)) {
            ConfigurationPropertyName prefix = ConfigurationPropertyName.of(Objects.requireNonNull(
                    context.findAnnotationOnBean(bean, ConfigurationProperties.class, false)).prefix());
            if (PREFIX.isAncestorOf(prefix)) {
                groups.add(group(prefix));
            }
        }
        return groups;
    }

    private static String group(ConfigurationPropertyName name) {
        return name.getElement(1, ConfigurationPropertyName.Form.UNIFORM);
    }

    private static void check(ConfigurationPropertyName name, Set<String> groups) {
        if (!groups.contains(group(name))) {
            throw new InvalidSettingException(name.toString(), "(not read)",
                    "a setting of one of the groups " + groups);
        }
    }
}
