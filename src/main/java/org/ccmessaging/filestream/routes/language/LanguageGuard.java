package org.ccmessaging.filestream.routes.language;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.component.properties.PropertiesFunctionResolver;
import org.apache.camel.component.properties.PropertiesLookup;
import org.apache.camel.impl.engine.DefaultLanguageResolver;
import org.apache.camel.impl.engine.DefaultRoutesLoader;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.spi.Language;
import org.apache.camel.spi.LanguageResolver;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.ResourceLoader;
import org.apache.camel.spi.RoutesLoader;
import org.apache.camel.spring.boot.SpringPropertiesParser;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.core.env.Environment;

/**
 * Gives a Camel context what the language of routes has and nothing else, before it loads a route. A request pays
 * nothing for it. Whatever the check of route files overlooks is refused here; what keeps tenants apart are the
 * capabilities behind it ({@code auth.Identity}, {@code storage.ConfinedLocation}), which no route can name.
 */
public class LanguageGuard {

    /** Simple as routes write it, as Camel evaluates computed addresses, and as component {@code file} names files. */
    private static final Set<String> SIMPLE = Set.of("simple", "simple-no-file", "file");

    /** The component behind language {@code bean}. */
    private static final String BEAN = "bean";

    private static final String STOCK_RELOAD = "camel.main.routes-reload-enabled";

    private final RouteLanguage language;
    private final Environment environment;
    private final RoutesSettings settings;
    private final Collection<PropertiesFunction> functions;
    private final BiConsumer<CamelContext, Resource> check;

    /**
     * @param functions those that placeholders may call
     * @param check throws {@link ClosedException} for a file that holds something that is not in the language
     * @throws InvalidSettingException if Camel's own reload of routes is on, which loses routes while it reloads
     */
    public LanguageGuard(RouteLanguage language, Environment environment, RoutesSettings settings,
            Collection<PropertiesFunction> functions, BiConsumer<CamelContext, Resource> check) {
        if (environment.getProperty(STOCK_RELOAD, Boolean.class, false)) {
            throw new InvalidSettingException(STOCK_RELOAD, true, "false: Camel's own reload answers every request with"
                    + " 500 after the first faulty save. Set filestream.routes.live-reload instead");
        }
        this.language = language;
        this.environment = environment;
        this.settings = settings;
        this.functions = functions;
        this.check = check;
    }

    /**
     * Closes a context that has loaded no route yet.
     *
     * @param beans those that the context may have at all
     */
    public void close(CamelContext context, BeanRepository beans) {
        ExtendedCamelContext extension = context.getCamelContextExtension();
        PropertiesComponent placeholders = (PropertiesComponent) context.getPropertiesComponent();
        placeholders.setPropertiesParser(new Placeholders(placeholders));
        placeholders.setPropertiesFunctionResolver(new Functions(functions.stream()
                .collect(Collectors.toUnmodifiableMap(PropertiesFunction::getName, function -> function))));
        extension.setRegistry(new DefaultRegistry(new ListedBeans(beans, language)));
        extension.addContextPlugin(LanguageResolver.class, new Languages());
        ComponentResolver components = PluginHelper.getComponentResolver(context);
        extension.addContextPlugin(ComponentResolver.class, (name, resolving) ->
                name.equals(BEAN) || language.components().containsKey(name)
                        ? components.resolveComponent(name, resolving) : null);
        extension.addContextPlugin(ResourceLoader.class, new NoResources(context));
        extension.addContextPlugin(RoutesLoader.class, new Loader(context));
        ListedClasses.close(context, language);
    }

    /** Why routes may not read the setting of a key; {@code null} if they may. */
    private String refusal(String key) {
        return language.isReadable(key) || settings.expose().contains(key) ? null
                : "{{" + key + "}}: routes read settings below routes., and those that filestream.routes.expose lists";
    }

    /** Resolves <code>{{key}}</code> from Spring's settings. */
    private final class Placeholders extends SpringPropertiesParser {

        private Placeholders(PropertiesComponent placeholders) {
            super(environment);
            setPropertiesComponent(placeholders);
        }

        @Override
        public String parseProperty(String key, String value, PropertiesLookup properties) {
            String refusal = refusal(key);
            if (refusal != null) {
                throw new ClosedException(refusal);
            }
            return super.parseProperty(key, value, properties);
        }
    }

    /**
     * The service's own functions of placeholders. Camel's read the environment, and any bean: without them, what
     * stands before the colon is the key of a setting that routes may not read.
     */
    private record Functions(Map<String, PropertiesFunction> own) implements PropertiesFunctionResolver {

        @Override
        public PropertiesFunction resolvePropertiesFunction(String name) {
            return name == null ? null : own.get(name);
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
            return name != null && own.containsKey(name);
        }
    }

    private final class Languages extends DefaultLanguageResolver {

        @Override
        public Language resolveLanguage(String name, CamelContext context) {
            if (SIMPLE.contains(name)) {
                return new ConfinedSimple(language);
            }
            if (!name.equals(BEAN) && !language.languages().containsKey(name)) {
                throw new ClosedException("language " + name + " is not in the language of routes");
            }
            return super.resolveLanguage(name, context);
        }
    }

    /** The only way into a context: a file whose content is in the language. */
    private final class Loader extends DefaultRoutesLoader {

        private Loader(CamelContext context) {
            super(context);
            ServiceHelper.startService(this);
        }

        @Override
        public Collection<RoutesBuilder> findRoutesBuilders(Collection<Resource> resources, boolean optional)
                throws Exception {
            resources.forEach(resource -> check.accept(getCamelContext(), resource));
            return super.findRoutesBuilders(resources, optional);
        }
    }

    /** A file of the host could hold anything, and an address could be anybody's. */
    private record NoResources(CamelContext context) implements ResourceLoader {

        @Override
        public Resource resolveResource(String location) {
            throw new ClosedException("resource " + location + " is not in the language of routes");
        }

        @Override
        public CamelContext getCamelContext() {
            return context;
        }

        @Override
        public void setCamelContext(CamelContext other) {
            // It has its context.
        }
    }
}
