package org.ccmessaging.filestream.routes.sandbox;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.component.properties.PropertiesFunctionResolver;
import org.apache.camel.component.properties.PropertiesLookup;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.spring.boot.SpringPropertiesParser;
import org.springframework.core.env.Environment;

/**
 * Resolves <code>{{key}}</code> from Spring's settings, as Camel's own parser does, but no secret: {@link
 * ReadableSettings} says which.
 */
class ClosedPlaceholders extends SpringPropertiesParser {

    private final ReadableSettings readable;

    ClosedPlaceholders(PropertiesComponent placeholders, Environment environment, ReadableSettings readable) {
        super(environment);
        setPropertiesComponent(placeholders);
        this.readable = readable;
    }

    /** @throws ClosedException if there is such a setting, and routes may not read it */
    @Override
    public String parseProperty(String key, String value, PropertiesLookup properties) {
        String refusal = value == null || key == null || key.isEmpty() ? null : readable.refusal(key);
        if (refusal != null) {
            throw new ClosedException(ClosedException.What.SETTING, refusal);
        }
        return super.parseProperty(key, value, properties);
    }

    /**
     * The service's own functions, and those that read around the settings, {@code env}, {@code sys} and
     * {@code service}: all of these refuse.
     */
    static final class ClosedFunctions implements PropertiesFunctionResolver {

        private static final Set<String> NAMES = Set.of("env", "sys", "service", "service.name", "service.host",
                "service.port", "bean");

        private final Map<String, PropertiesFunction> own;

        /** @param own the functions of this service */
        ClosedFunctions(Collection<PropertiesFunction> own) {
            this.own = own.stream().collect(Collectors.toUnmodifiableMap(PropertiesFunction::getName, it -> it));
        }

        @Override
        public PropertiesFunction resolvePropertiesFunction(String name) {
            if (name != null && own.containsKey(name)) {
                return own.get(name);
            }
            return name == null || !NAMES.contains(name) ? null : new PropertiesFunction() {

                @Override
                public String getName() {
                    return name;
                }

                @Override
                public String apply(String remainder) {
                    throw new ClosedException(ClosedException.What.SETTING,
                            "{{" + name + ":" + remainder + "}} is not open to routes;"
                            + " {{" + remainder + "}} is, if filestream.routes.expose lists it");
                }
            };
        }

        @Override
        public void addPropertiesFunction(PropertiesFunction function) {
            // Vaults add theirs at the start. Routes read none of them.
        }

        @Override
        public Map<String, PropertiesFunction> getFunctions() {
            return own;
        }

        @Override
        public boolean hasFunction(String name) {
            return resolvePropertiesFunction(name) != null;
        }
    }
}
