package org.ccmessaging.filestream.settings;

import java.util.Set;
import org.springframework.context.ConfigurableApplicationContext;

/** Settings that {@link SettingsCheck} can check only when all settings are bound. */
public interface DependentSettings {

    /**
     * @param starting has the environment, and the settings of all packages in its bean factory
     * @param sslBundles the names of Spring Boot's SSL bundles
     * @throws InvalidSettingException if a value cannot be used
     */
    void check(ConfigurableApplicationContext starting, Set<String> sslBundles);
}
