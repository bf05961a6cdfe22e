package org.ccmessaging.filestream.settings;

import java.util.Set;
import org.springframework.beans.factory.BeanFactory;

/**
 * Settings that are right or wrong only together with others, or that need a file only then. {@link SettingsCheck} asks
 * them when all are bound.
 */
public interface DependentSettings {

    /**
     * @param others has the settings of all rooms
     * @param sslBundles the names of Spring Boot's SSL bundles
     * @throws InvalidSettingException if a value cannot be used
     */
    void check(BeanFactory others, Set<String> sslBundles);
}
