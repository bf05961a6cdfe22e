package org.ccmessaging.filestream.routes.check;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.spi.Registry;
import org.apache.camel.spring.boot.SpringPropertiesParser;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.util.ObjectHelper;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.stereotype.Component;

/** Checks the route files of a folder. The check opens no port, sends nothing, and needs no secret. */
@Component
public final class Check {

    private final ConfigurableEnvironment environment;
    private final ConfigurableListableBeanFactory beans;

    /** @param beans the beans that routes may name; the check creates only route builders, with their dependencies */
    public Check(ConfigurableEnvironment environment, ConfigurableListableBeanFactory beans) {
        this.environment = environment;
        this.beans = beans;
    }

    /** Preloads classes, so that the first check is faster. */
    public void load() {
        context(new DefaultRegistry()).stop();
    }

    /** Runs the levels of the check in order. Stops after the first level that reports an error. */
    public Report run(RouteFiles files) {
        Report report = new Report(files.contents().size());
        RouteSet set = RouteSet.read(files, environment::getProperty, report);
        StandInBeans standIns = new StandInBeans(beans);
        DefaultCamelContext scratch = context(new DefaultRegistry(standIns));
        try {
            Map<String, RoutesBuilder> java = new TreeMap<>();
            standIns.names(RoutesBuilder.class).forEach(name -> make(name, java));
            boolean knowsAll = java.size() == standIns.names(RoutesBuilder.class).size();
            BuildLevel build = new BuildLevel(scratch, set, new StepRules(set, scratch, environment),
                    new CamelMessages(scratch, standIns, environment, set, report));
            NameRules names = new NameRules(set, scratch, report);
            for (Runnable level : List.<Runnable>of(() -> build.load(java.values()), names::check, build::build,
                    () -> {
                        if (knowsAll) {
                            names.calls(build.consumers());
                        }
                    },
                    () -> {
                        new ClauseRules(set, names.requested(), build.configurations(), report).check();
                        Map<String, RouteStep> steps = standIns.steps();
                        set.routes().stream().filter(route -> !route.endpoint().scheme().equals("direct")).forEach(
                                route -> new DataFlow(set, steps, new HashSet<>(), report).check(route));
                    })) {
                if (!report.hasErrors()) {
                    level.run();
                }
            }
            return report;
        } finally {
            scratch.stop();
        }
    }

    private void make(String name, Map<String, RoutesBuilder> builders) {
        try {
            builders.put(name, beans.getBean(name, RoutesBuilder.class));
        } catch (BeansException unavailable) {
            // Leaves the builder out, because a builder may need a bean that command `routes check` cannot create.
        }
    }

    /** Returns a Camel context with the settings of the service. The context never starts. */
    private DefaultCamelContext context(Registry registry) {
        DefaultCamelContext camel = new DefaultCamelContext(false);
        camel.disableJMX();
        camel.getCamelContextExtension().setRegistry(registry);
        PropertiesComponent properties = Binder.get(environment)
                .bindOrCreate("camel.component.properties", PropertiesComponent.class);
        properties.setPropertiesParser(new SpringPropertiesParser(environment));
        registry.findByType(PropertiesFunction.class).forEach(properties::addPropertiesFunction);
        camel.setPropertiesComponent(properties);
        camel.addLifecycleStrategy(new LifecycleStrategySupport() {

            /** Sets options from the settings {@code camel.component.<name>.*}, as Camel's auto-configuration does. */
            @Override
            public void onComponentAdd(String name, org.apache.camel.Component component) {
                Map<String, Object> options = Binder.get(environment).bind("camel.component." + name,
                        Bindable.mapOf(String.class, Object.class)).orElseGet(Map::of);
                PropertyBindingSupport.build().withCamelContext(camel).withTarget(component)
                        .withProperties(options).withIgnoreCase(true).withRemoveParameters(false).bind();
            }
        });
        camel.build();
        return camel;
    }

    /** Returns a report for routes that passed the check but did not start. */
    public static Report of(RouteFiles files, Throwable failure) {
        FailedToStartRouteException starting = ObjectHelper.getException(FailedToStartRouteException.class, failure);
        FailedToCreateRouteException creating = ObjectHelper.getException(FailedToCreateRouteException.class, failure);
        String id = starting != null ? starting.getRouteId() : creating != null ? creating.getRouteId() : null;
        Place place = RouteSet.read(files, key -> null).route(id)
                .map(route -> route.endpoint().place()).orElse(Place.of(files.folder()));
        Report report = new Report(files.contents().size());
        report.error(place, (id == null ? "the routes cannot" : "route " + id + " cannot") + " be started: "
                + CamelMessages.text(failure), null);
        return report;
    }
}
