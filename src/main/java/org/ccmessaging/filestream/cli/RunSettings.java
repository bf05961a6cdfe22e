package org.ccmessaging.filestream.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.RouteFiles;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySourcesPropertyResolver;

/** Selects those settings of an installation that route tests need, without addresses of stores and databases. */
record RunSettings(ConfigurableEnvironment environment, RoutesSettings routes, StorageSettings storage) {

    /** Settings of Camel components and data formats, of file-type aliases, and of required tags. */
    private static final Pattern GROUPS = Pattern.compile("(camel[._](component|dataformat)"
            + "|filestream[._]download[._]file[-_]?type[-_]?aliases)[._].+"
            + "|filestream[._](storage[._].+[._])?s3[._]required[-_]?tags[.\\[].+", Pattern.CASE_INSENSITIVE);

    private static final List<String> KEYS = List.of("spring.autoconfigure.exclude", "filestream.library.catalogue",
            "filestream.download.file-types", "filestream.download.max-file-size", "filestream.download.buffer-limit",
            "filestream.download.max-in-flight", "filestream.download.max-in-flight-per-session",
            "filestream.download.max-in-flight-per-tenant");
    private static final List<String> KEYS_OF_A_BRANCH = List.of("type", "bucket", "key", "shared");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[?!]?([\\w.-]+)");

    /** Settings of the service itself. A placeholder in a route does not pass such a setting to the tests. */
    private static final Pattern OF_THE_SERVICE =
            Pattern.compile("(filestream|spring|server|management|logging|camel|hawtio)\\..*");

    /** Returns the tests' settings. An unresolved {@code ${…}} may stay, because tests connect to no other system. */
    Map<String, String> of(RouteFiles files) {
        Map<String, String> run = new TreeMap<>();
        PropertySourcesPropertyResolver resolver =
                new PropertySourcesPropertyResolver(environment.getPropertySources());
        resolver.setIgnoreUnresolvableNestedPlaceholders(true);
        environment.getPropertySources().stream().filter(EnumerablePropertySource.class::isInstance)
                .flatMap(source -> Stream.of(((EnumerablePropertySource<?>) source).getPropertyNames()))
                .filter(name -> GROUPS.matcher(name).matches())
                .forEach(name -> run.put(name, resolver.getProperty(name)));
        files.texts().flatMap(text -> PLACEHOLDER.matcher(text).results())
                .map(placeholder -> placeholder.group(1))
                .filter(key -> !OF_THE_SERVICE.matcher(key).matches() && resolver.containsProperty(key))
                .forEach(key -> run.put(key, resolver.getProperty(key)));
        Binder binder = Binder.get(environment);
        Stream.concat(KEYS.stream(), storage.keySet().stream().flatMap(branch -> KEYS_OF_A_BRANCH.stream()
                        .map(key -> "filestream.storage." + branch + "." + key)))
                .forEach(key -> binder.bind(key, Bindable.listOf(String.class))
                        .ifBound(list -> run.put(key, String.join(",", list))));
        return run;
    }
}
