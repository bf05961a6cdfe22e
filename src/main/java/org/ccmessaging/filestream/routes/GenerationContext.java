package org.ccmessaging.filestream.routes;

import java.util.Map;
import org.apache.camel.Component;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.DefaultReactiveExecutor;
import org.apache.camel.spi.ReactiveExecutor;
import org.apache.camel.spi.Registry;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.spring.boot.CamelConfigurationProperties;
import org.apache.camel.spring.boot.CamelSpringBootApplicationController;
import org.apache.camel.spring.boot.SpringBootCamelContext;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.PropertyBindingSupport;
import org.ccmessaging.filestream.routes.language.LanguageGuard;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.ResolvableType;

/**
 * A Camel context of its own for one set of routes, beside that of the service. It has the service's beans, settings
 * and {@code camel.*} configuration, and components of its own. It is built and not started: until {@link Generation}
 * starts it no consumer listens, and no endpoint calls out.
 */
public final class GenerationContext implements AutoCloseable {

    /**
     * Queues of steps, one for each thread. Camel makes such queues for each context, and a thread that served a
     * context would keep its queue until the thread ends, which those of the HTTP port hardly do.
     */
    private static final ReactiveExecutor QUEUES = new DefaultReactiveExecutor();

    private final Beans beans;
    private final DefaultCamelContext camel;

    private GenerationContext(Beans beans, DefaultCamelContext camel) {
        this.beans = beans;
        this.camel = camel;
    }

    /**
     * Builds an empty context.
     *
     * @param application the service's application context, whose Camel context is built
     * @param configuration {@code camel.*}
     * @throws RuntimeCamelException if Camel cannot be configured
     */
    public static GenerationContext build(ApplicationContext application, CamelConfigurationProperties configuration) {
        Beans beans = new Beans(application);
        beans.registerBean(PropertiesComponent.class, GenerationContext::properties);
        beans.refresh();
        CamelSpringBootApplicationController controller = new CamelSpringBootApplicationController(beans);
        Context camel = new Context(beans, controller);
        camel.getCamelContextExtension().setReactiveExecutor(QUEUES);
        camel.addLifecycleStrategy(new ComponentSettings(Binder.get(application.getEnvironment())));
        try {
            CamelAutoConfiguration.doConfigureCamelContext(beans, camel, configuration, controller);
        } catch (Exception failed) {
            beans.close();
            throw RuntimeCamelException.wrapRuntimeCamelException(failed);
        }
        // Who starts it tells of it: contexts come and go while the service runs.
        camel.setStartupSummaryLevel(StartupSummaryLevel.Off);
        application.getBean(LanguageGuard.class).close(camel, new SharedBeans(beans));
        return new GenerationContext(beans, camel);
    }

    /** The context. */
    public DefaultCamelContext camel() {
        return camel;
    }

    @Override
    public void close() {
        camel.stop();
        beans.close();
    }

    /** Has no source of its own: the guard of the language gives it the parser that reads Spring's settings. */
    private static PropertiesComponent properties() {
        PropertiesComponent properties = new PropertiesComponent();
        properties.setAutoDiscoverPropertiesSources(false);
        properties.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
        properties.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_NEVER);
        return properties;
    }

    /** The service's beans and one more. Its events are its own: the service must not take its end for its own end. */
    private static final class Beans extends GenericApplicationContext {

        private Beans(ApplicationContext service) {
            super(service);
        }

        @Override
        protected void publishEvent(Object event, ResolvableType type) {
            // Nobody listens.
        }
    }

    private static final class Context extends SpringBootCamelContext {

        /** Where Camel keeps why the consumer of a route did not start. */
        private static final String FAILURE = "route.start.exception";

        private Exception failure;

        private Context(ApplicationContext beans, CamelSpringBootApplicationController controller) {
            super(beans, false, controller);
        }

        @Override
        protected Registry createRegistry() {
            return new DefaultRegistry(new SharedBeans(getApplicationContext()));
        }

        /** Camel would log what it fails with, stack trace and all. Who starts it reports that. */
        @Override
        protected void doStartCamel() {
            try {
                super.doStartCamel();
            } catch (Exception failed) {
                failure = getRoutes().stream().filter(route -> route.getProperties().get(FAILURE) == failed)
                        .findFirst().<Exception>map(route -> new FailedToStartRouteException(
                                route.getRouteId(), failed.getMessage(), failed)).orElse(failed);
            }
        }

        @Override
        protected void doStart() throws Exception {
            super.doStart();
            if (failure != null) {
                throw failure;
            }
        }
    }

    /** Gives each component what {@code camel.component.<name>} says, as Camel's auto-configuration does. */
    private static final class ComponentSettings extends LifecycleStrategySupport {

        private final Binder settings;

        private ComponentSettings(Binder settings) {
            this.settings = settings;
        }

        @Override
        public void onComponentAdd(String name, Component component) {
            Map<String, Object> options = settings.bind("camel.component." + name,
                    Bindable.mapOf(String.class, Object.class)).orElseGet(Map::of);
            PropertyBindingSupport.build().withCamelContext(component.getCamelContext()).withTarget(component)
                    .withProperties(options).withIgnoreCase(true).withRemoveParameters(false)
                    .bind();
        }
    }
}
