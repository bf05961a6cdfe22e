package org.ccmessaging.filestream.routes.testing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;

/**
 * The settings of an installation that its routes need in a run of tests. A run has these and no others: no address of
 * a store, no key that signs tokens, nothing of the environment.
 *
 * @param values the settings by key
 * @param variables what only environment variables may spell: settings of connectors, and keys that routes name and may
 *     not read, without their values, so that the check says so
 */
public record RunSettings(Map<String, String> values, Map<String, String> variables) {

    /** The settings of a fresh installation. */
    static final RunSettings DEFAULT = new RunSettings(Map.of(), Map.of());

    /** Components of Camel and parts of Spring Boot that connectors bring along. */
    private static final Pattern OF_CONNECTORS = Pattern.compile(
            "(camel[._](component|dataformat)|spring[._]datasource)[._].+", Pattern.CASE_INSENSITIVE);

    private static final String EXCLUDED = "spring.autoconfigure.exclude";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[?!]?([\\w.-]+)");

    /** Keys that change what a service does, whoever reads them. */
    private static final Pattern OF_THE_SERVICE =
            Pattern.compile("(filestream|spring|server|management|logging|camel|hawtio)\\..*");

    /**
     * Collects the settings.
     *
     * @param application the service, or the application of a command
     * @param files the routes, whose placeholders count as far as routes may read them
     */
    public static RunSettings of(ApplicationContext application, RouteFiles files) {
        RunSettings settings = new RunSettings(new TreeMap<>(), new TreeMap<>());
        ConfigurableEnvironment environment = (ConfigurableEnvironment) application.getEnvironment();
        settings.addConnectors(environment);
        RoutesSettings routes = application.getBean(RoutesSettings.class);
        settings.addPlaceholders(application.getBean(RouteLanguage.class), routes, environment, files);
        settings.add("filestream.routes.language", routes.language() == null ? null
                : routes.language().toAbsolutePath());
        settings.add("filestream.routes.hosts", String.join(",", routes.hosts()));
        settings.add("filestream.http.response-headers", environment.getProperty("filestream.http.response-headers"));
        settings.add("filestream.routes.timeout", routes.timeout());
        settings.add("filestream.routes.components", String.join(",", routes.components()));
        settings.add("filestream.routes.classes", String.join(",", routes.classes()));
        settings.add("filestream.routes.expose", String.join(",", routes.expose()));
        settings.add("filestream.routes.entry-points", String.join(",", routes.entryPoints()));
        settings.add("filestream.routes.request-headers", String.join(",", routes.requestHeaders()));
        DownloadSettings download = application.getBean(DownloadSettings.class);
        settings.add("filestream.download.file-types", String.join(",", download.fileTypes()));
        download.fileTypeAliases().forEach((alias, type) ->
                settings.add("filestream.download.file-type-aliases." + alias, type));
        settings.add("filestream.download.max-file-size", download.maxFileSize());
        settings.add("filestream.download.buffer-limit", download.bufferLimit());
        settings.add("filestream.download.max-in-flight", download.maxInFlight());
        settings.add("filestream.download.max-in-flight-per-session", download.maxInFlightPerSession());
        settings.add("filestream.download.max-in-flight-per-tenant", download.maxInFlightPerTenant());
        application.getBean(StorageSettings.class).byName().forEach(settings::addBranch);
        return settings;
    }

    private void add(String key, Object value) {
        if (value != null) {
            values.put(key, value.toString());
        }
    }

    private void addBranch(String name, StorageSettings.Branch branch) {
        String prefix = "filestream.storage." + name + ".";
        add(prefix + "type", branch.type().name().toLowerCase(Locale.ROOT));
        add(prefix + "address", branch.address());
        add(prefix + "bucket", branch.bucket());
        add(prefix + "key", branch.key());
        add(prefix + "shared", branch.shared());
    }

    private void addConnectors(ConfigurableEnvironment environment) {
        environment.getPropertySources().stream().filter(EnumerablePropertySource.class::isInstance)
                .flatMap(source -> List.of(((EnumerablePropertySource<?>) source).getPropertyNames()).stream())
                .filter(name -> OF_CONNECTORS.matcher(name).matches())
                .forEach(name -> (name.indexOf('.') < 0 ? variables : values).put(name, environment.getProperty(name)));
        Binder.get(environment).bind(EXCLUDED, String[].class)
                .ifBound(classes -> add(EXCLUDED, String.join(",", classes)));
    }

    /** The settings that routes read. */
    private void addPlaceholders(RouteLanguage language, RoutesSettings routes, Environment environment,
            RouteFiles files) {
        for (byte[] file : files.contents().values()) {
            Matcher placeholder = PLACEHOLDER.matcher(new String(file, StandardCharsets.UTF_8));
            while (placeholder.find()) {
                String key = placeholder.group(1);
                boolean readable = language.isReadable(key) || routes.expose().contains(key);
                String value = readable ? environment.getProperty(key) : null;
                if (value != null && !OF_THE_SERVICE.matcher(key).matches()) {
                    values.put(key, value);
                }
            }
        }
    }
}
