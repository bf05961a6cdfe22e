package org.ccmessaging.filestream.routes.check.rules;

import java.util.Set;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * What an installation allows its routes beyond what the shipped ones do.
 *
 * @param entryPoints paths that routes may receive requests on, besides those of the contract
 *     ({@code filestream.routes.entry-points})
 * @param components components and languages that routes may use, besides those of the shipped routes
 *     ({@code filestream.routes.components})
 * @param expose environment variables and system properties that routes may read ({@code filestream.routes.expose})
 */
public record RuleSettings(Set<String> entryPoints, Set<String> components, Set<String> expose) {

    /** Copies the sets. */
    public RuleSettings {
        entryPoints = Set.copyOf(entryPoints);
        components = Set.copyOf(components);
        expose = Set.copyOf(expose);
    }

    /** Binds the lists, whether they are written as lists or with commas. */
    static RuleSettings of(Environment environment) {
        Binder settings = Binder.get(environment);
        return new RuleSettings(set(settings, "entry-points"), set(settings, "components"), set(settings, "expose"));
    }

    private static Set<String> set(Binder settings, String name) {
        return settings.bind("filestream.routes." + name, Bindable.setOf(String.class)).orElse(Set.of());
    }
}
