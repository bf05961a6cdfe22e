package org.ccmessaging.filestream.routes;

import java.util.Map;
import org.apache.camel.Component;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.spi.LifecycleStrategy;
import org.apache.camel.spi.ReactiveExecutor;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.spring.boot.CamelConfigurationProperties;
import org.apache.camel.spring.boot.CamelSpringBootApplicationController;
import org.apache.camel.spring.boot.SpringBootCamelContext;
import org.apache.camel.spring.spi.ApplicationContextBeanRepository;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.PropertyBindingSupport;
import org.ccmessaging.filestream.routes.language.LanguageGuard;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.ResolvableType;

/**
 * The Camel context of one set of routes. It shares the service's beans, settings and {@code camel.*} configuration,
 * and has its own components. Until {@link Generation} starts it, no consumer listens and no endpoint calls out.
 */
final class GenerationContext extends SpringBootCamelContext {

    /** Key under which Camel keeps why the consumer of a route did not start. */
    private static final String FAILURE = "route.start.exception";

    private Exception failure;

    private GenerationContext(ApplicationContext beans, CamelSpringBootApplicationController controller) {
        super(beans, false, controller);
    }

    /** @throws RuntimeCamelException if {@code camel.*} cannot be applied */
    static GenerationContext build(ApplicationContext application) {
        GenericApplicationContext beans = beans(application);
        beans.registerBean(PropertiesComponent.class, GenerationContext::properties);
        beans.refresh();
        CamelSpringBootApplicationController controller = new CamelSpringBootApplicationController(beans);
        GenerationContext camel = new GenerationContext(beans, controller);
        camel.getCamelContextExtension().setReactiveExecutor(application.getBean(ReactiveExecutor.class));
        camel.addLifecycleStrategy(componentSettings(Binder.get(application.getEnvironment())));
        LanguageGuard guard = application.getBean(LanguageGuard.class);
        guard.restrictLanguages(camel);
        try {
            CamelAutoConfiguration.doConfigureCamelContext(
                    beans, camel, application.getBean(CamelConfigurationProperties.class), controller);
        } catch (Exception failed) {
            beans.close();
            throw RuntimeCamelException.wrapRuntimeCamelException(failed);
        }
        // Contexts come and go while the service runs. The service logs each swap.
        camel.setStartupSummaryLevel(StartupSummaryLevel.Off);
        guard.restrict(camel, new ApplicationContextBeanRepository(beans));
        return camel;
    }

    @Override
    public void close() {
        stop();
        ((GenericApplicationContext) getApplicationContext()).close();
    }

    /** Keeps a failure, which Camel would log with its stack trace. The caller of {@link #start} reports it. */
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

    /** Returns a component without sources: {@link LanguageGuard} adds the parser that reads Spring's settings. */
    private static PropertiesComponent properties() {
        PropertiesComponent properties = new PropertiesComponent();
        properties.setAutoDiscoverPropertiesSources(false);
        properties.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
        properties.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_NEVER);
        return properties;
    }

    /** The service's beans and the properties component. Its events stay in it: it may close while the service runs. */
    private static GenericApplicationContext beans(ApplicationContext service) {
        return new GenericApplicationContext(service) {

            @Override
            protected void publishEvent(Object event, ResolvableType type) {
                // Nobody listens.
            }
        };
    }

    /** Sets the options of {@code camel.component.<name>} on each component, as Camel's auto-configuration does. */
    private static LifecycleStrategy componentSettings(Binder settings) {
        return new LifecycleStrategySupport() {

            @Override
            public void onComponentAdd(String name, Component component) {
                Map<String, Object> options = settings.bind("camel.component." + name,
                        Bindable.mapOf(String.class, Object.class)).orElseGet(Map::of);
                PropertyBindingSupport.build().withCamelContext(component.getCamelContext()).withTarget(component)
                        .withProperties(options).withIgnoreCase(true).withRemoveParameters(false).bind();
            }
        };
    }
}
