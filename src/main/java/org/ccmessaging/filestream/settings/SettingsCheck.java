package org.ccmessaging.filestream.settings;

import java.math.BigDecimal;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/**
 * Binds and checks all settings before the service makes its first bean, and reports all wrong ones at once: unknown
 * names, values, and what Spring Boot would report late and without the key. The service and its commands get the bound
 * settings as beans. Spring Boot finds this class through {@code META-INF/spring.factories}.
 */
final class SettingsCheck implements ApplicationListener<ApplicationContextInitializedEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(SettingsCheck.class);
    private static final String MANAGEMENT_PORT = "management.server.port";

    /**
     * How startup treats a {@code FILESTREAM_*} environment variable that is not a setting.
     *
     * @param strictEnvironment whether it stops startup; otherwise the service logs a warning
     */
    @ConfigurationProperties(prefix = "filestream")
    record EnvironmentSettings(boolean strictEnvironment) {
    }

    @Override
    public void onApplicationEvent(ApplicationContextInitializedEvent starting) {
        ConfigurableEnvironment environment = starting.getApplicationContext().getEnvironment();
        ConfigurableListableBeanFactory beans = starting.getApplicationContext().getBeanFactory();
        SettingFaults faults = new SettingFaults(environment);
        Map<String, Class<?>> classes = classes();
        Map<String, Object> settings = new LinkedHashMap<>();
        classes.forEach((prefix, type) -> settings.put(prefix, faults.bind(prefix, bindable(type))));
        checkNames(environment, new SettingKeys(classes), faults,
                settings.get("filestream") instanceof EnvironmentSettings names && names.strictEnvironment());
        settings.values().removeIf(Objects::isNull);
        settings.forEach((prefix, bound) -> beans.registerSingleton(prefix + "-" + bound.getClass().getName(), bound));
        faults.check(() -> {
            Set<String> bundles = CheckedSslBundles.check(Binder.get(environment));
            settings.values().stream().filter(DependentSettings.class::isInstance).map(DependentSettings.class::cast)
                    .forEach(some -> faults.check(() -> some.check(starting.getApplicationContext(), bundles)));
        });
        checkSpring(environment, faults);
        faults.require();
    }

    /** Returns the classes of all settings by their prefix. */
    private static Map<String, Class<?>> classes() {
        ClassPathScanningCandidateComponentProvider found = new ClassPathScanningCandidateComponentProvider(false);
        found.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        Map<String, Class<?>> classes = new TreeMap<>();
        found.findCandidateComponents("org.ccmessaging.filestream").forEach(definition -> {
            Class<?> type = ClassUtils.resolveClassName(definition.getBeanClassName(), null);
            classes.put(type.getAnnotation(ConfigurationProperties.class).prefix(), type);
        });
        return classes;
    }

    private static Bindable<?> bindable(Class<?> type) {
        return type.isRecord() ? Bindable.of(type) : Bindable.ofInstance(BeanUtils.instantiateClass(type));
    }

    /** Checks what Spring Boot and its libraries would report late, without the key, or not at all. */
    private static void checkSpring(ConfigurableEnvironment environment, SettingFaults faults) {
        // Spring Boot opens no port for -1.
        Stream.of("server.port", MANAGEMENT_PORT).forEach(key -> check(faults, key, Integer.class, port ->
                SettingChecks.requireBetween(key, port, -1, 65_535, "a whole number from 0 to 65535")));
        // It would publish health, metrics and the console, without the console's login and its rules.
        faults.check(() -> SettingChecks.refuseIf(ManagementPortType.get(environment) == ManagementPortType.SAME,
                MANAGEMENT_PORT, environment.getProperty(MANAGEMENT_PORT),
                "another port than server.port, which serves the API and nothing else"));
        String collector = "management.opentelemetry.tracing.export.otlp.endpoint";
        check(faults, collector, URI.class, address -> SettingChecks.requireHttp(collector, address,
                "http://collector:4318/v1/traces (OTEL_EXPORTER_OTLP_TRACES_ENDPOINT sets it too)"));
        String sampled = "management.tracing.sampling.probability";
        check(faults, sampled, BigDecimal.class, share -> SettingChecks.requireBetween(sampled, share,
                BigDecimal.ZERO, BigDecimal.ONE, "a number from 0 to 1"));
    }

    private static <T> void check(SettingFaults faults, String key, Class<T> type, Consumer<T> check) {
        T bound = faults.bind(key, Bindable.of(type));
        if (bound != null) {
            faults.check(() -> check.accept(bound));
        }
    }

    private static void checkNames(ConfigurableEnvironment environment, SettingKeys keys, SettingFaults faults,
            boolean strict) {
        List<String> unknown = new ArrayList<>();
        // Other programs share the environment, and agents and tools the system properties.
        List<String> shared = new ArrayList<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            String kind = source instanceof SystemEnvironmentPropertySource ? "environment variable "
                    : source.getName().equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME)
                            ? "system property " : "";
            Set<String> read = variables(source, keys, faults);
            String[] names = source instanceof EnumerablePropertySource<?> all ? all.getPropertyNames() : new String[0];
            for (String name : names) {
                if (name.startsWith("filestream.") && InvalidSettingReport.SECRET.matcher(name).matches()) {
                    faults.check(() -> checkSet(environment, name));
                }
                String variable = SettingKeys.variable(name);
                if (SettingKeys.isOurs(name) && !keys.isKey(name) && !read.contains(variable)
                        && (name.startsWith("filestream.") || faults.isComplete(variable))) {
                    (kind.isEmpty() ? unknown : shared).add(kind + name + hint(source, name, keys));
                }
            }
        }
        if (strict) {
            unknown.addAll(shared);
        } else {
            shared.forEach(name -> LOG.warn("No such setting: {}", name));
        }
        if (!unknown.isEmpty()) {
            faults.add(new InvalidSettingException("No such setting: " + String.join(", ", unknown),
                    InvalidSettingReport.CORRECT));
        }
    }

    /**
     * Returns the variables that the binder has read. It finds a name that is only in the environment if it has no
     * dash before it, so no other variable of such a name has an effect.
     */
    private static Set<String> variables(PropertySource<?> source, SettingKeys keys, SettingFaults faults) {
        if (!(source instanceof SystemEnvironmentPropertySource)) {
            return Set.of();
        }
        ConfigurationPropertySource variables = ConfigurationPropertySource.from(source);
        return faults.names().stream().filter(name -> keys.isKey(name.toString()))
                .map(variables::getConfigurationProperty).filter(Objects::nonNull)
                .map(ConfigurationProperty::getOrigin).map(PropertySourceOrigin.class::cast)
                .map(origin -> SettingKeys.variable(origin.getPropertyName())).collect(Collectors.toSet());
    }

    /** Refuses a placeholder without a value. Spring would bind its text, which everybody can read in the file. */
    private static void checkSet(ConfigurableEnvironment environment, String name) {
        String value = Binder.get(environment)
                .bind(ConfigurationPropertyName.adapt(name, '.'), Bindable.of(String.class)).orElse("");
        SettingChecks.refuseIf(value.matches("(\\{noop})?\\$\\{[^{}]+}"), name, value, "a variable that is set");
    }

    /** The place of a name in a file, and the nearest name, in parentheses. */
    private static String hint(PropertySource<?> source, String name, SettingKeys keys) {
        Origin origin = OriginLookup.getOrigin(source, name);
        String place = origin instanceof TextResourceOrigin ? SettingFaults.shown(origin) : "";
        String hint = Stream.of(place, keys.nearest(name).map(key -> "did you mean " + key + "?").orElse(""))
                .filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
        return hint.isEmpty() ? "" : " (" + hint + ")";
    }
}
