package org.ccmessaging.filestream.cli;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertyResolver;
import org.springframework.core.env.PropertySourcesPropertyResolver;

/**
 * Collects the settings of an installation that a run of route tests gets, because routes need them. It gets no others:
 * no address of a store, no database, no environment, and nothing that looks like a secret.
 */
record RunSettings(ConfigurableEnvironment environment, RoutesSettings routes, RouteLanguage language,
        StorageSettings storage) {

    /** Value of a secret that a route reads as a placeholder. Without a value, the route would not start. */
    private static final String WITHHELD = "withheld";

    /** Settings of Camel components, and others with names that users choose. */
    private static final Pattern GROUPS = Pattern.compile("(camel[._](component|dataformat)"
            + "|filestream[._]download[._]file[-_]?type[-_]?aliases)[._].+"
            + "|filestream[._](storage[._].+[._])?s3[._]required[-_]?tags[.\\[].+", Pattern.CASE_INSENSITIVE);

    private static final List<String> KEYS = List.of("spring.autoconfigure.exclude", "filestream.library.catalogue",
            "filestream.http.response-headers", "filestream.routes.hosts", "filestream.routes.timeout",
            "filestream.routes.expose", "filestream.routes.entry-points", "filestream.routes.request-headers",
            "filestream.download.file-types", "filestream.download.max-file-size", "filestream.download.buffer-limit",
            "filestream.download.max-in-flight", "filestream.download.max-in-flight-per-session",
            "filestream.download.max-in-flight-per-tenant");
    private static final List<String> KEYS_OF_A_BRANCH = List.of("type", "address", "bucket", "key", "shared");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[?!]?([\\w.-]+)");

    /** Keys that change the service itself, so that a placeholder does not bring them into a run. */
    private static final Pattern OF_THE_SERVICE =
            Pattern.compile("(filestream|spring|server|management|logging|camel|hawtio)\\..*");

    private static final String SECRETS = "(secret|passw|passphrase|passcode|token|credential|authorization|jaas"
            + "|connection[-_.]?string|(access|account|api|auth|encryption|private|sas|shared|signing)[-_.]?key)";
    private static final Pattern SECRET_KEY = Pattern.compile(SECRETS, Pattern.CASE_INSENSITIVE);

    /** A value with a reference to a secret, a parameter that is one, a PEM key, a header, or a login at a host. */
    private static final Pattern SECRET_VALUE = Pattern.compile("\\$\\{[^}]*" + SECRETS + "|" + SECRETS
            + "[\\w-]*(\\s*=|\"\\s*:)|-----BEGIN|^(basic|bearer)\\s|[/:][^/\\s@]+(/[^/\\s@]+)?@",
            Pattern.CASE_INSENSITIVE);

    /**
     * Returns the settings by key or by environment variable, with those that placeholders in these files name. A
     * {@code ${…}} without a value stays as it is: nothing of a run connects to another system. Of the settings that
     * look like secrets, the result has only those that placeholders name, without their value.
     */
    Map<String, String> of(RouteFiles files) {
        Map<String, String> run = new TreeMap<>();
        PropertySourcesPropertyResolver resolver =
                new PropertySourcesPropertyResolver(environment.getPropertySources());
        resolver.setIgnoreUnresolvableNestedPlaceholders(true);
        environment.getPropertySources().stream().filter(EnumerablePropertySource.class::isInstance)
                .flatMap(source -> Stream.of(((EnumerablePropertySource<?>) source).getPropertyNames()))
                .filter(name -> GROUPS.matcher(name).matches() && !isSecret(name, resolver))
                .forEach(name -> run.put(name, resolver.getProperty(name)));
        files.texts().values().stream().flatMap(text -> PLACEHOLDER.matcher(text).results())
                .map(placeholder -> placeholder.group(1))
                .filter(key -> language.isReadable(key) || routes.expose().contains(key))
                .filter(key -> !OF_THE_SERVICE.matcher(key).matches() && resolver.containsProperty(key))
                .forEach(key -> run.put(key, isSecret(key, resolver) ? WITHHELD : resolver.getProperty(key)));
        Binder binder = Binder.get(environment);
        Stream.concat(KEYS.stream(), storage.keySet().stream().flatMap(branch -> KEYS_OF_A_BRANCH.stream()
                        .map(key -> "filestream.storage." + branch + "." + key)))
                .forEach(key -> binder.bind(key, Bindable.listOf(String.class))
                        .ifBound(list -> run.put(key, String.join(",", list))));
        if (routes.language() != null) {
            run.put("filestream.routes.language", routes.language().toAbsolutePath().toString());
        }
        return run;
    }

    /** Returns whether a key, its value or a setting that the value names looks like a secret. */
    private boolean isSecret(String key, PropertyResolver resolver) {
        Stream<String> written = environment.getPropertySources().stream().map(source -> source.getProperty(key))
                .filter(Objects::nonNull).map(String::valueOf).limit(1);
        return SECRET_KEY.matcher(key).find() || Stream.concat(written, Stream.of(resolver.getProperty(key, "")))
                .anyMatch(value -> SECRET_VALUE.matcher(value).find());
    }
}
