package org.ccmessaging.filestream.settings;

import java.util.Set;
import org.springframework.beans.factory.BeanFactory;

/** Settings that {@link SettingsCheck} can check only when all settings are bound. */
public interface DependentSettings {

    /**
     * @param others has the settings of all packages
     * @param sslBundles the names of Spring Boot's SSL bundles
     * @throws InvalidSettingException if a value cannot be used
     */
    void check(BeanFactory others, Set<String> sslBundles);
}
