package org.ccmessaging.filestream.routes.sandbox;

import java.util.Locale;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.component.bean.CheckedBeanComponent;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.engine.DefaultLanguageResolver;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.spi.Language;
import org.apache.camel.spi.LanguageResolver;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.spring.spi.ApplicationContextBeanRepository;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Closes a CamelContext before it loads a route: routes reach what they are allowed to and nothing else. */
@org.springframework.stereotype.Component
public class Sandbox {

    /**
     * Beans that are options of components and data formats, which Camel looks up by name and type. Who has only a name
     * would call them: the client sends requests to the store, and the mapper writes files.
     */
    public static final Set<String> OPTIONS = Set.of("s3Client", "requestMapper");

    /** Simple without its functions for files, by which Camel evaluates dynamic addresses. */
    private static final String SIMPLE_OF_ADDRESSES = "simple-no-file";

    private static final String BEAN = "bean";

    private static final String STOCK_RELOAD = "camel.main.routes-reload-enabled";

    private final ApplicationContext spring;
    private final Environment environment;
    private final RoutesSettings settings;
    private final ReadableSettings readable;

    /** @throws InvalidSettingException if Camel's own reload of routes is on, which loses routes while it reloads */
    Sandbox(ApplicationContext spring, Environment environment, RoutesSettings settings, ReadableSettings readable) {
        if (environment.getProperty(STOCK_RELOAD, Boolean.class, false)) {
            throw new InvalidSettingException(STOCK_RELOAD, true, "false: Camel's own reload answers every request with"
                    + " 500 after the first faulty save. Restart the service to load an edit");
        }
        this.spring = spring;
        this.environment = environment;
        this.settings = settings;
        this.readable = readable;
    }

    /** Closes the application's own CamelContext as soon as it exists, before any other bean uses it. */
    @Bean
    static BeanPostProcessor sandboxedCamelContext(ObjectProvider<Sandbox> sandbox, ApplicationContext spring) {
        return new BeanPostProcessor() {

            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                if (bean instanceof CamelContext context) {
                    sandbox.getObject().close(context, new ApplicationContextBeanRepository(spring));
                }
                return bean;
            }
        };
    }

    /**
     * Closes a CamelContext that has loaded no route yet.
     *
     * @param beans those that the context may have at all
     */
    public void close(CamelContext context, BeanRepository beans) {
        PropertiesComponent placeholders = (PropertiesComponent) context.getPropertiesComponent();
        placeholders.setPropertiesParser(new ClosedPlaceholders(placeholders, environment, readable));
        placeholders.setPropertiesFunctionResolver(new ClosedPlaceholders.ClosedFunctions(
                        spring.getBeansOfType(PropertiesFunction.class).values()));
        OpenClasses open = new OpenClasses(settings);
        Receivers receivers = new Receivers(spring, open);
        context.getCamelContextExtension().setRegistry(
                new DefaultRegistry(new VisibleBeans(spring, beans, receivers)));
        context.getCamelContextExtension().addContextPlugin(LanguageResolver.class, new DefaultLanguageResolver() {

            @Override
            public Language resolveLanguage(String name, CamelContext resolving) {
                return name.equals("simple") || name.equals(SIMPLE_OF_ADDRESSES) ? new ConfinedSimple(readable)
                        : super.resolveLanguage(name, resolving);
            }
        });
        ClosedResources.close(context, settings.directory());
        ClosedClasses.close(context, open);
        closeMethods(context, receivers);
        ClosedOptions.close(context);
        context.addLifecycleStrategy(new AllowedParts(settings.components()));
    }

    private static void closeMethods(CamelContext context, Receivers receivers) {
        ComponentResolver own = PluginHelper.getComponentResolver(context);
        context.getCamelContextExtension().addContextPlugin(ComponentResolver.class, (name, resolving) ->
                name.equals(BEAN) ? new CheckedBeanComponent(receivers::requireOpen)
                        : own.resolveComponent(name, resolving));
    }

    /** Refuses components and languages that {@code filestream.routes.components} does not list. */
    private static final class AllowedParts extends LifecycleStrategySupport {

        private final Set<String> allowed;

        AllowedParts(Set<String> allowed) {
            this.allowed = allowed;
        }

        @Override
        public void onComponentAdd(String name, Component component) {
            require(ClosedException.What.COMPONENT, name);
        }

        @Override
        public void onLanguageCreated(String name, Language language) {
            require(ClosedException.What.LANGUAGE, name);
        }

        private void require(ClosedException.What kind, String name) {
            if (!allowed.contains(name) && !name.equals(SIMPLE_OF_ADDRESSES)) {
                throw new ClosedException(kind, kind.name().toLowerCase(Locale.ROOT) + " " + name
                        + " is not open to routes:"
                        + " filestream.routes.components does not list it");
            }
        }
    }
}
