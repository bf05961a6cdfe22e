package org.ccmessaging.filestream.routes.check;

import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.settings.CalledHosts;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;

/**
 * Names that routes use and that the language does not list.
 *
 * @param steps the step beans
 * @param requestHeaders the headers of the client that the settings let in
 * @param responseHeaders the headers that responses carry, those of the contract included, in any case
 * @param hosts the servers that routes call
 * @param environment the settings
 */
record Known(Collection<String> steps, Set<String> requestHeaders, Set<String> responseHeaders, CalledHosts hosts,
        Environment environment) {

    /** The keys of the service's settings, from all configuration that can be listed. */
    Collection<String> settings() {
        return ((ConfigurableEnvironment) environment).getPropertySources().stream()
                .filter(EnumerablePropertySource.class::isInstance).map(EnumerablePropertySource.class::cast)
                .flatMap(source -> Arrays.stream(source.getPropertyNames()))
                .filter(key -> key.startsWith("filestream.storage.") || key.startsWith("routes."))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The simple names of the failures of the contract. */
    Set<String> failures() {
        return DocumentedFailures.classes().stream().map(Class::getSimpleName)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
