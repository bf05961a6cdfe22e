package org.ccmessaging.filestream.settings;

import java.math.BigDecimal;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Binds and checks all settings before the service makes its first bean: first the names, then the values, and then
 * what Spring Boot would report late and without the key. Commands bind only the settings that they use. Spring Boot
 * finds this class through {@code META-INF/spring.factories}.
 */
@ConfigurationPropertiesScan("org.ccmessaging.filestream")
final class SettingsCheck implements ApplicationListener<ApplicationContextInitializedEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(SettingsCheck.class);
    private static final String MANAGEMENT_PORT = "management.server.port";
    private static final String TRACES = "management.opentelemetry.tracing.export.otlp";

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
        // First, because a setting often lacks a value for a misspelt name.
        starting.getApplicationContext().getBeanFactory().registerSingleton("settings", names(environment));
        Binder settings = Binder.get(environment);
        try (AnnotationConfigApplicationContext all = new AnnotationConfigApplicationContext()) {
            all.setEnvironment(environment);
            all.register(SettingsCheck.class);
            all.registerBean(ConfigurationPropertiesBindHandlerAdvisor.class, () -> FormerSettings::new);
            all.refresh();
            Set<String> bundles = CheckedSslBundles.check(settings);
            all.getBeansOfType(DependentSettings.class).values().forEach(some -> some.check(all, bundles));
            // The service would otherwise find and bind them a second time.
            all.getBeansWithAnnotation(ConfigurationProperties.class)
                    .forEach(starting.getApplicationContext().getBeanFactory()::registerSingleton);
        }
        // Spring Boot opens no port for -1.
        Stream.of("server.port", MANAGEMENT_PORT).forEach(key -> settings.bind(key, Integer.class)
                .ifBound(port -> SettingChecks.requireBetween(key, port, -1, 65_535,
                        "a whole number from 0 to 65535")));
        // It would publish health, metrics and the console, without the console's login and its rules.
        SettingChecks.refuseIf(ManagementPortType.get(environment) == ManagementPortType.SAME, MANAGEMENT_PORT,
                environment.getProperty(MANAGEMENT_PORT),
                "another port than server.port, which serves the API and nothing else");
        // Spring Boot ignores its own former keys, so there would be no traces.
        settings.bind("management.otlp.tracing", Bindable.mapOf(String.class, String.class)).ifBound(former -> {
            throw new InvalidSettingException("No such setting: management.otlp.tracing" + former.keySet()
                    + ". The keys are now below " + TRACES, InvalidSettingReport.CORRECT);
        });
        // The library that sends traces would name neither key.
        String collector = TRACES + ".endpoint";
        settings.bind(collector, URI.class).ifBound(address -> SettingChecks.requireHttp(collector, address,
                "http://collector:4318/v1/traces (OTEL_EXPORTER_OTLP_TRACES_ENDPOINT sets it too)"));
        String sampled = "management.tracing.sampling.probability";
        settings.bind(sampled, BigDecimal.class).ifBound(share -> SettingChecks.requireBetween(sampled, share,
                BigDecimal.ZERO, BigDecimal.ONE, "a number from 0 to 1"));
    }

    /** Checks the names. Returns what {@code doctor} reports of those that startup only logs. */
    private static Examination names(ConfigurableEnvironment environment) {
        Binder settings = Binder.get(environment);
        SettingKeys keys = new SettingKeys();
        List<String> unknown = new ArrayList<>();
        // Other programs share the environment, and agents and tools the system properties.
        List<String> shared = new ArrayList<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            String kind = source instanceof SystemEnvironmentPropertySource ? "environment variable "
                    : source.getName().equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME)
                            ? "system property " : "";
            String[] names = source instanceof EnumerablePropertySource<?> all ? all.getPropertyNames() : new String[0];
            Stream.of(names).filter(name -> name.startsWith("filestream.")
                    && InvalidSettingReport.SECRET.matcher(name).matches()).forEach(name -> checkSet(settings, name));
            Stream.of(names).forEach(name -> FormerSettings.replacement(name).ifPresent(instead -> LOG.warn("{}{} is no"
                    + " setting any more and has no effect; instead: {} (docs/upgrading.md)", kind, name, instead)));
            Stream.of(names).filter(name -> keys.isUnknown(name) && FormerSettings.replacement(name).isEmpty())
                    .map(name -> kind + name + hint(source, name, keys.nearest(name)))
                    .forEach(kind.isEmpty() ? unknown::add : shared::add);
        }
        if (settings.bindOrCreate("filestream", EnvironmentSettings.class).strictEnvironment()) {
            unknown.addAll(shared);
        } else {
            shared.forEach(name -> LOG.warn("No such setting: {}", name));
        }
        if (!unknown.isEmpty()) {
            throw new InvalidSettingException("No such setting: " + String.join(", ", unknown),
                    InvalidSettingReport.CORRECT);
        }
        return given -> Map.of("all", notes -> notes.should(shared.isEmpty(), shared.isEmpty() ? "names and values"
                : "No such setting: " + String.join(", ", shared), InvalidSettingReport.CORRECT));
    }

    /** Refuses a placeholder without a value. Spring would bind its text, which everybody can read in the file. */
    private static void checkSet(Binder settings, String name) {
        String value = settings.bind(ConfigurationPropertyName.adapt(name, '.'), Bindable.of(String.class)).orElse("");
        SettingChecks.refuseIf(value.matches("(\\{noop})?\\$\\{[^{}]+}"), name, value, "a variable that is set");
    }

    /** The file and the line of a name, and the nearest name, in parentheses. */
    private static String hint(PropertySource<?> source, String name, Optional<String> nearest) {
        Stream<String> place = OriginLookup.getOrigin(source, name) instanceof TextResourceOrigin text
                && text.getResource() != null && text.getLocation() != null
                ? Stream.of(NamedYaml.nameOf(text.getResource()) + ":" + (text.getLocation().getLine() + 1))
                : Stream.empty();
        String hint = Stream.concat(place, nearest.map(key -> "did you mean " + key + "?").stream())
                .collect(Collectors.joining(", "));
        return hint.isEmpty() ? "" : " (" + hint + ")";
    }
}
