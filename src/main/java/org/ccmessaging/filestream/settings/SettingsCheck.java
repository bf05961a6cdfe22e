package org.ccmessaging.filestream.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.BoundConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertiesPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.stereotype.Component;
import org.springframework.util.ObjectUtils;

/** Finds keys below {@code filestream} that have no effect and that Spring Boot does not report. */
@Component
public final class SettingsCheck implements SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(SettingsCheck.class);
    private static final String PREFIX = "filestream";

    /** Names that begin with filestream, except the variables that Kubernetes sets for a Service. */
    private static final String OURS = "(?i)filestream[._](?!(.+_)?(SERVICE_HOST|SERVICE_PORT(_.+)?"
            + "|PORT(_\\d+_(TCP|UDP|SCTP)(_.+)?)?)$).+";

    private final ConfigurableApplicationContext context;
    private final List<String> withoutEffect = new ArrayList<>();

    SettingsCheck(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** @param strictEnvironment whether an environment variable or system property without effect stops startup */
    @ConfigurationProperties(prefix = PREFIX)
    record EnvironmentSettings(boolean strictEnvironment) {
    }

    /** Returns the names of environment variables and system properties that have no effect. */
    public List<String> withoutEffect() {
        return List.copyOf(withoutEffect);
    }

    @Override
    public void afterSingletonsInstantiated() {
        // Creates all settings beans, because Spring Boot binds settings when it creates their bean.
        Stream.of(context.getBeanNamesForAnnotation(ConfigurationProperties.class))
                .filter(name -> name.startsWith(PREFIX)).forEach(context::getBean);
        Set<ConfigurationPropertyName> bound = BoundConfigurationProperties.get(context).getAll().keySet().stream()
                .filter(ConfigurationPropertyName.of(PREFIX)::isAncestorOf).collect(Collectors.toSet());
        boolean strict = context.getBean(EnvironmentSettings.class).strictEnvironment();
        context.getEnvironment().getPropertySources().stream().filter(EnumerablePropertySource.class::isInstance)
                .forEach(source -> check((EnumerablePropertySource<?>) source, bound, strict));
    }

    private void check(EnumerablePropertySource<?> source, Set<ConfigurationPropertyName> bound, boolean strict) {
        ConfigurationPropertySource settings = ConfigurationPropertySource.from(source);
        Set<String> read = bound.stream().map(settings::getConfigurationProperty).filter(Objects::nonNull)
                .map(property -> ((PropertySourceOrigin) property.getOrigin()).getPropertyName())
                .collect(Collectors.toCollection(() -> new TreeSet<>(String.CASE_INSENSITIVE_ORDER)));
        // Environment variables and system properties may belong to other programs.
        boolean shared =
                source instanceof SystemEnvironmentPropertySource || source instanceof PropertiesPropertySource;
        for (String name : source.getPropertyNames()) {
            // Spring Boot refuses an unknown key in a known group such as filestream.auth, except in shared sources.
            if (name.matches(OURS) && !read.contains(name) && !ObjectUtils.isEmpty(source.getProperty(name))
                    && (shared || bound.stream().noneMatch(
                            ConfigurationPropertyName.adapt(name, '.').chop(2)::isAncestorOf))) {
                String unknown = "No such setting: " + name;
                if (!shared || strict) {
                    throw new InvalidSettingException(unknown + ", set in " + PropertySourceOrigin.get(source, name));
                }
                LOG.warn("{}. It has no effect", unknown);
                withoutEffect.add(name);
            }
        }
    }
}
