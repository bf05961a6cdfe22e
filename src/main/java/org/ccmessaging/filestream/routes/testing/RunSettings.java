package org.ccmessaging.filestream.routes.testing;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertyResolver;
import org.springframework.core.env.PropertySourcesPropertyResolver;

/**
 * The settings of an installation that a run of route tests gets, because routes need them. It gets no others: no
 * address of a store, no signing key, no environment.
 *
 * @param values the settings by key
 * @param variables settings of connectors that are environment variables, by the names of these
 */
public record RunSettings(Map<String, String> values, Map<String, String> variables) {

    /** Settings of Camel components and of parts of Spring Boot that connectors need. */
    private static final Pattern OF_CONNECTORS = Pattern.compile(
            "(camel[._](component|dataformat)|spring[._]datasource)[._].+", Pattern.CASE_INSENSITIVE);

    /** A test with rows has a catalogue, and one without rows has none, whatever the installation has. */
    static final String CATALOGUE = "filestream.library.catalogue";

    private static final List<String> KEYS = List.of("spring.autoconfigure.exclude", CATALOGUE,
            "filestream.http.response-headers", "filestream.routes.hosts", "filestream.routes.timeout",
            "filestream.routes.components", "filestream.routes.classes", "filestream.routes.expose",
            "filestream.routes.entry-points", "filestream.routes.request-headers", "filestream.download.file-types",
            "filestream.download.max-file-size", "filestream.download.buffer-limit",
            "filestream.download.max-in-flight", "filestream.download.max-in-flight-per-session",
            "filestream.download.max-in-flight-per-tenant");
    private static final String ALIASES = "filestream.download.file-type-aliases";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[?!]?([\\w.-]+)");

    /** Keys that change the service itself, so that a placeholder does not bring them into a run. */
    private static final Pattern OF_THE_SERVICE =
            Pattern.compile("(filestream|spring|server|management|logging|camel|hawtio)\\..*");

    /** Collects the settings of a service or a command for routes, whose placeholders name settings. */
    public static RunSettings of(ApplicationContext application, RouteFiles files) {
        RunSettings settings = new RunSettings(new TreeMap<>(), new TreeMap<>());
        ConfigurableEnvironment environment = (ConfigurableEnvironment) application.getEnvironment();
        // Nothing of a run connects to the database or the broker of a setting, so it needs no secret in it.
        PropertySourcesPropertyResolver resolver =
                new PropertySourcesPropertyResolver(environment.getPropertySources());
        resolver.setIgnoreUnresolvableNestedPlaceholders(true);
        settings.addConnectors(environment, resolver);
        RoutesSettings routes = application.getBean(RoutesSettings.class);
        settings.addPlaceholders(application.getBean(RouteLanguage.class), routes, resolver, files);
        Binder binder = Binder.get(environment);
        KEYS.forEach(key -> binder.bind(key, Bindable.listOf(String.class))
                .ifBound(list -> settings.add(key, String.join(",", list))));
        binder.bind(ALIASES, Bindable.mapOf(String.class, String.class))
                .ifBound(aliases -> aliases.forEach((alias, type) -> settings.add(ALIASES + "." + alias, type)));
        settings.add("filestream.routes.language", routes.language() == null ? null
                : routes.language().toAbsolutePath());
        application.getBean(StorageSettings.class).forEach((name, branch) -> {
            String prefix = "filestream.storage." + name + ".";
            settings.add(prefix + "type", branch.type().name().toLowerCase(Locale.ROOT));
            settings.add(prefix + "address", branch.address());
            settings.add(prefix + "bucket", branch.bucket());
            settings.add(prefix + "key", branch.key());
            settings.add(prefix + "shared", branch.shared());
        });
        return settings;
    }

    /** Returns the settings of the built-in smoke tests, which have a catalogue if the installation has one. */
    public Map<String, String> ofSmokeTests() {
        return "sql".equals(values.get(CATALOGUE)) ? Map.of(CATALOGUE, "sql") : Map.of();
    }

    private void add(String key, Object value) {
        if (value != null) {
            values.put(key, value.toString());
        }
    }

    private void addConnectors(ConfigurableEnvironment environment, PropertyResolver resolver) {
        environment.getPropertySources().stream().filter(EnumerablePropertySource.class::isInstance)
                .flatMap(source -> List.of(((EnumerablePropertySource<?>) source).getPropertyNames()).stream())
                .filter(name -> OF_CONNECTORS.matcher(name).matches())
                .forEach(name -> (name.indexOf('.') < 0 ? variables : values).put(name, resolver.getProperty(name)));
    }

    private void addPlaceholders(RouteLanguage language, RoutesSettings routes, PropertyResolver resolver,
            RouteFiles files) {
        files.texts().values().stream().flatMap(text -> PLACEHOLDER.matcher(text).results())
                .map(placeholder -> placeholder.group(1))
                .filter(key -> language.isReadable(key) || routes.expose().contains(key))
                .filter(key -> !OF_THE_SERVICE.matcher(key).matches())
                .forEach(key -> add(key, resolver.getProperty(key)));
    }
}
