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
 * Refuses a {@code filestream.<group>.*} setting whose group does not exist. Each settings class refuses unknown keys of
 * its own group; nobody would read a misspelt group. The groups are those of the settings classes.
 */
@Component
class SettingsGroups {

    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("filestream");

    /** @throws InvalidSettingException where there is such a setting */
    SettingsGroups(ApplicationContext context) {
        Set<String> groups = groups(context);
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(context.getEnvironment())) {
            // Other programs share the environment; their variables are not ours to refuse.
            boolean shared = source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
            if (!shared && source instanceof IterableConfigurationPropertySource names) {
                names.stream().filter(PREFIX::isAncestorOf).forEach(name -> check(name, groups));
            }
        }
    }

    /** Asks for annotations and not for beans, so that no settings class is bound before its time. */
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
            throw new InvalidSettingException(name.toString(), "(not read)", "a setting of one of the groups " + groups);
        }
    }
}
