package org.ccmessaging.filestream.routes.language;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.component.properties.PropertiesFunctionResolver;
import org.apache.camel.component.properties.PropertiesLookup;
import org.apache.camel.impl.engine.DefaultClassResolver;
import org.apache.camel.impl.engine.DefaultResourceLoader;
import org.apache.camel.impl.engine.DefaultRoutesLoader;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.ClassResolver;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.spi.FactoryFinder;
import org.apache.camel.spi.FactoryFinderResolver;
import org.apache.camel.spi.Language;
import org.apache.camel.spi.LanguageResolver;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.ResourceLoader;
import org.apache.camel.spi.RoutesLoader;
import org.apache.camel.spring.boot.SpringPropertiesParser;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.function.ThrowingBiConsumer;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.core.env.Environment;

/**
 * Restricts a Camel context to the language of routes before it loads a route. It refuses what the check of route files
 * overlooks, at no cost for a request. Capabilities that no route can make keep tenants apart ({@code auth.Identity},
 * {@code storage.ConfinedLocation}).
 */
public class LanguageGuard {

    /** The names of Simple: in routes, for computed addresses, and for file names of component {@code file}. */
    private static final Set<String> SIMPLE = Set.of("simple", "simple-no-file", "file");

    /** The component that language {@code bean} calls. */
    private static final String BEAN = "bean";

    private static final String STOCK_RELOAD = "camel.main.routes-reload-enabled";

    private final RouteLanguage language;
    private final Environment environment;
    private final RoutesSettings settings;
    private final Collection<PropertiesFunction> functions;
    private final ThrowingBiConsumer<CamelContext, Resource, IOException> check;

    /**
     * @param functions the functions that placeholders may call
     * @param check throws {@link ClosedException} for a file that holds something that is not in the language
     * @throws InvalidSettingException if Camel's own reload of routes is on, which loses routes while it reloads
     */
    public LanguageGuard(RouteLanguage language, Environment environment, RoutesSettings settings,
            Collection<PropertiesFunction> functions,
            ThrowingBiConsumer<CamelContext, Resource, IOException> check) {
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
     * Restricts the languages of a new context, before Camel configures it: a context keeps each language that it has.
     *
     * @throws IllegalStateException if the context has one
     */
    public void restrictLanguages(CamelContext context) {
        if (!context.getLanguageNames().isEmpty()) {
            throw new IllegalStateException("The context has unrestricted languages: " + context.getLanguageNames());
        }
        LanguageResolver languages = PluginHelper.getLanguageResolver(context);
        context.getCamelContextExtension().addContextPlugin(LanguageResolver.class,
                (name, resolving) -> language(name, resolving, languages));
    }

    /**
     * Restricts a context that has loaded no route yet, after {@link #restrictLanguages}.
     *
     * @param beans the beans of the context, of which routes can name those that the language lists
     */
    public void restrict(CamelContext context, BeanRepository beans) {
        ExtendedCamelContext extension = context.getCamelContextExtension();
        PropertiesComponent placeholders = (PropertiesComponent) context.getPropertiesComponent();
        placeholders.setPropertiesParser(new Placeholders(placeholders));
        placeholders.setPropertiesFunctionResolver(new Functions(functions.stream()
                .collect(Collectors.toUnmodifiableMap(PropertiesFunction::getName, function -> function))));
        extension.setRegistry(new DefaultRegistry(new ListedBeans(beans, language)));
        ComponentResolver components = PluginHelper.getComponentResolver(context);
        extension.addContextPlugin(ComponentResolver.class, (name, resolving) ->
                name.equals(BEAN) || language.components().containsKey(name)
                        ? components.resolveComponent(name, resolving) : null);
        extension.addContextPlugin(ResourceLoader.class, new NoResources());
        extension.addContextPlugin(RoutesLoader.class, new Loader());
        extension.addContextPlugin(FactoryFinderResolver.class,
                new Finders(PluginHelper.getFactoryFinderResolver(extension), context.getClassResolver()));
        context.setClassResolver(new Classes(context));
    }

    /** Resolves <code>{{key}}</code> from Spring's settings. */
    private final class Placeholders extends SpringPropertiesParser {

        private Placeholders(PropertiesComponent placeholders) {
            super(environment);
            setPropertiesComponent(placeholders);
        }

        @Override
        public String parseProperty(String key, String value, PropertiesLookup properties) {
            if (!language.isReadable(key) && !settings.expose().contains(key)) {
                throw new ClosedException("{{" + key + "}}: routes read settings below routes., and those that"
                        + " filestream.routes.expose lists", "set it in config/application.yaml, such as routes.name:"
                        + " ${NAME} for a variable of the environment, and write {{routes.name}}", -1);
            }
            return super.parseProperty(key, value, properties);
        }
    }

    /**
     * Resolves only the service's functions in placeholders. Those of Camel read the environment and any bean. Without
     * them, the name before a colon is the key of a setting, which routes may not read.
     */
    private record Functions(Map<String, PropertiesFunction> own) implements PropertiesFunctionResolver {

        @Override
        public PropertiesFunction resolvePropertiesFunction(String name) {
            return name == null ? null : own.get(name);
        }

        @Override
        public void addPropertiesFunction(PropertiesFunction function) {
            // Vaults add theirs at startup. Routes may not call them.
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

    private Language language(String name, CamelContext context, LanguageResolver all) {
        if (SIMPLE.contains(name)) {
            return new ConfinedSimple(language);
        } else if (!name.equals(BEAN) && !language.languages().containsKey(name)) {
            throw new ClosedException("language " + name + " is not in the language of routes");
        }
        return name.equals("jsonpath") ? Counted.jsonPath() : all.resolveLanguage(name, context);
    }

    /** Loads only files whose content is in the language. */
    private final class Loader extends DefaultRoutesLoader {

        @Override
        public Collection<RoutesBuilder> findRoutesBuilders(Collection<Resource> resources, boolean optional)
                throws Exception {
            for (Resource resource : resources) {
                check.accept(getCamelContext(), resource);
            }
            return super.findRoutesBuilders(resources, optional);
        }
    }

    /** Resolves the classes that routes may name: exceptions and those of the language. */
    private final class Classes extends DefaultClassResolver {

        private Classes(CamelContext context) {
            super(context);
            context.getClassResolver().getClassLoaders().forEach(this::addClassLoader);
        }

        @Override
        protected Class<?> loadClass(String name, ClassLoader loader) {
            Class<?> found = super.loadClass(name, loader);
            return found == null || Throwable.class.isAssignableFrom(found) || language.isListed(found) ? found : null;
        }
    }

    /** Finds Camel's own parts with the unrestricted class resolver. */
    private record Finders(FactoryFinderResolver camels, ClassResolver all) implements FactoryFinderResolver {

        @Override
        public FactoryFinder resolveFactoryFinder(ClassResolver listed, String path) {
            return camels.resolveFactoryFinder(all, path);
        }

        @Override
        public FactoryFinder resolveBootstrapFactoryFinder(ClassResolver listed, String path) {
            return camels.resolveBootstrapFactoryFinder(all, path);
        }
    }

    /** Loads nothing: a file of the host could hold anything, and an address could be anybody's. */
    private static final class NoResources extends DefaultResourceLoader {

        @Override
        public Resource resolveResource(String location) {
            throw new ClosedException("resource " + location + " is not in the language of routes");
        }
    }
}
