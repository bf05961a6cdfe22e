package org.ccmessaging.filestream.settings;

import java.util.Set;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.stereotype.Component;

/**
 * Refuses a {@code filestream.<group>.*} setting whose group does not exist. Each group refuses unknown keys of its
 * own; a misspelt group would be read by nobody.
 */
@Component
class SettingsGroups {

    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("filestream");
    private static final Set<String> GROUPS =
            Set.of("auth", "download", "storage", "library", "s3", "routes", "console", "log", "shutdown");

    /** @throws InvalidSettingException where there is such a setting */
    SettingsGroups(Environment environment) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            // The environment is shared with other programs, whose variables are none of ours to refuse.
            boolean shared = source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
            if (!shared && source instanceof IterableConfigurationPropertySource names) {
                names.stream().filter(PREFIX::isAncestorOf).forEach(SettingsGroups::check);
            }
        }
    }

    private static void check(ConfigurationPropertyName name) {
        String group = name.getElement(1, ConfigurationPropertyName.Form.UNIFORM);
        if (!GROUPS.contains(group)) {
            throw new InvalidSettingException(name.toString(), "(not read)",
                    "a setting of one of the groups " + GROUPS.stream().sorted().toList());
        }
    }
}
