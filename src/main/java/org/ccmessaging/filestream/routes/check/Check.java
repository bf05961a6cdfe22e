package org.ccmessaging.filestream.routes.check;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.spring.boot.SpringPropertiesParser;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.util.ObjectHelper;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.stereotype.Component;

/**
 * The check of a folder of route files: text, form, rules and meaning. The command, startup and a reload ask the same.
 * It opens no port, sends nothing, and needs no secret.
 */
@Component
public final class Check {

    private final ConfigurableEnvironment environment;
    private final ConfigurableListableBeanFactory beans;
    private Form form;

    /**
     * @param environment the settings that placeholders read
     * @param beans the beans that routes may name. Their definitions are enough, but for builders of routes in Java,
     *     which are prototypes: routes of the files may call theirs
     */
    public Check(ConfigurableEnvironment environment, ConfigurableListableBeanFactory beans) {
        this.environment = environment;
        this.beans = beans;
    }

    /** Loads what the first check needs: Camel's schema, and the classes of a build. */
    public void load() {
        form();
        DefaultCamelContext camel = new DefaultCamelContext(false);
        camel.disableJMX();
        camel.build();
        camel.stop();
    }

    private synchronized Form form() {
        form = form == null ? Form.load() : form;
        return form;
    }

    /**
     * Reports all findings of a level at once. A level looks only at files that the levels before have no error in.
     *
     * @throws UncheckedIOException if the folder of the files cannot be listed
     */
    public Report run(RouteFiles files) {
        Findings findings = new Findings();
        TextLevel.unread(files.folder(), findings);
        RouteSet set = RouteSet.read(files, environment::getProperty, findings);
        Form schema = form();
        set.lists().forEach(list -> schema.check(list, findings));
        if (!findings.hasErrors()) {
            meaning(set, findings);
        }
        return new Report(files.contents().size(), findings.sorted());
    }

    private void meaning(RouteSet set, Findings findings) {
        StandInBeans standIns = new StandInBeans(beans);
        DefaultCamelContext scratch = context(standIns);
        try {
            NameRules names = new NameRules(set, scratch, environment, findings);
            names.check();
            if (!findings.hasErrors()) {
                BuildLevel build = new BuildLevel(scratch, set,
                        new CamelMessages(scratch, standIns, set, findings));
                build.check(builders(findings));
                names.calls(build.consumers());
                if (!findings.hasErrors()) {
                    flow(new ClauseRules(set, names.requested(), build.configurations(), findings),
                            new StepEffect(standIns.steps()));
                }
            }
        } finally {
            scratch.stop();
        }
    }

    private static void flow(ClauseRules clauses, StepEffect effects) {
        clauses.check();
        clauses.set().routes().stream().filter(route -> !route.endpoint().scheme().equals("direct"))
                .forEach(route -> new DataFlow(clauses.set(), effects, clauses.findings()).ofRoute(route));
        clauses.clauses().forEach(clause -> new DataFlow(clauses.set(), effects, clauses.findings()).ofClause(clause));
    }

    private List<RoutesBuilder> builders(Findings findings) {
        List<RoutesBuilder> builders = new ArrayList<>();
        for (String name : beans.getBeanNamesForType(RoutesBuilder.class, true, false)) {
            try {
                builders.add(beans.getBean(name, RoutesBuilder.class));
            } catch (BeansException unavailable) {
                findings.warning(Place.of(Path.of("lib")), "the check does not know the routes of bean " + name + ": "
                        + CamelMessages.text(unavailable), null);
            }
        }
        return builders;
    }

    /** Returns a context that never starts, with the settings and the beans of the service. */
    private DefaultCamelContext context(StandInBeans standIns) {
        DefaultCamelContext camel = new DefaultCamelContext(false);
        camel.disableJMX();
        camel.getCamelContextExtension().setRegistry(new DefaultRegistry(standIns));
        PropertiesComponent properties = new PropertiesComponent();
        properties.setPropertiesParser(new SpringPropertiesParser(environment));
        standIns.findByType(PropertiesFunction.class).forEach(properties::addPropertiesFunction);
        camel.setPropertiesComponent(properties);
        camel.addLifecycleStrategy(new LifecycleStrategySupport() {

            /** Sets the options of {@code camel.component.<name>}, as Camel's auto-configuration does. */
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

    /** Returns the report of a failure of Camel to load routes that have passed the check, with the route's place. */
    public static Report of(RouteFiles files, Throwable failure) {
        FailedToStartRouteException starting = ObjectHelper.getException(FailedToStartRouteException.class, failure);
        FailedToCreateRouteException creating = ObjectHelper.getException(FailedToCreateRouteException.class, failure);
        String id = starting != null ? starting.getRouteId() : creating != null ? creating.getRouteId() : null;
        Place place = RouteSet.read(files, key -> null, new Findings()).route(id)
                .map(route -> route.endpoint().place()).orElse(Place.of(files.folder()));
        return new Report(files.contents().size(), List.of(new Finding(place, Finding.Level.ERROR,
                (id == null ? "the routes cannot" : "route " + id + " cannot") + " be started: "
                        + CamelMessages.text(failure), null)));
    }
}
