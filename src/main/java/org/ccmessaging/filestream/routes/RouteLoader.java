package org.ccmessaging.filestream.routes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Route;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.ServiceStatus;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.spi.NodeIdFactory;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RouteStartupOrder;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.ccmessaging.filestream.routes.check.RouteFiles;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;

/**
 * Adds routes to the application's Camel context, and removes them: those of the route files, and those of
 * {@link RoutesBuilder} beans, which may use the route configurations of the files. The caller makes sure that no
 * request is in a route.
 */
@Component
class RouteLoader {

    /** Maximum wait for exchanges that no request has begun, such as those of a timer. */
    private static final long STOP_SECONDS = 2;

    /** Repositories of Camel that keep a health check of each route that ever was. */
    private static final List<String> CHECKS_OF_ROUTES = List.of("routes", "consumers");

    private final ModelCamelContext camel;
    private final ListableBeanFactory beans;
    private final Set<String> loaded = new HashSet<>();

    RouteLoader(ModelCamelContext camel, ListableBeanFactory beans) {
        this.camel = camel;
        this.beans = beans;
    }

    /** Lets each load have new route builders, since a builder keeps the clauses that it was first built with. */
    @Bean
    static BeanFactoryPostProcessor newRouteBuilders() {
        return beans -> {
            for (String name : beans.getBeanNamesForType(RoutesBuilder.class, true, false)) {
                beans.getBeanDefinition(name).setScope(BeanDefinition.SCOPE_PROTOTYPE);
            }
        };
    }

    /**
     * Loads the files of a set, and the routes of Java. Routes start if the Camel context has started.
     *
     * @throws Exception if a route cannot be built or started; some routes may exist then
     */
    void load(RouteFiles files) throws Exception {
        List<Resource> resources = new ArrayList<>();
        files.contents().forEach((file, text) ->
                resources.add(ResourceHelper.fromBytes("file:" + file.toAbsolutePath().normalize(), text)));
        Collection<RoutesBuilder> builders = beans.getBeansOfType(RoutesBuilder.class).values();
        Set<String> others = ids();
        if (others.isEmpty()) {
            // Steps without an ID keep their names in JMX and Hawtio. Camel counts on from one load to the next.
            Map<String, Integer> counts = new HashMap<>();
            camel.getCamelContextExtension().addContextPlugin(NodeIdFactory.class, step ->
                    step.getShortName() + counts.merge(step.getShortName(), 1, Integer::sum));
        }
        try {
            for (RoutesBuilder builder : builders) {
                if (builder instanceof RouteConfigurationsBuilder configurations) {
                    camel.addRoutesConfigurations(configurations);
                }
            }
            PluginHelper.getRoutesLoader(camel).loadRoutes(resources);
            for (RoutesBuilder builder : builders) {
                camel.addRoutes(builder);
            }
        } finally {
            loaded.addAll(ids());
            loaded.removeAll(others);
        }
    }

    private Set<String> ids() {
        Set<String> ids = new HashSet<>();
        camel.getRouteDefinitions().forEach(route -> ids.add(route.getRouteId()));
        camel.getRoutes().forEach(route -> ids.add(route.getRouteId()));
        return ids;
    }

    private List<RouteStartupOrder> orders() {
        return camel.getCamelContextExtension().getRouteStartupOrder().stream()
                .filter(order -> loaded.contains(order.getRoute().getRouteId())).toList();
    }

    /** Removes what {@link #load} has loaded. */
    void unload() throws Exception {
        // All at once, so that an exchange of a timer still finds the other routes on its way.
        camel.getShutdownStrategy().shutdown(camel, orders(), STOP_SECONDS, TimeUnit.SECONDS);
        for (String id : loaded) {
            Route route = camel.getRoute(id);
            if (route != null) {
                camel.getRouteController().stopRoute(id, STOP_SECONDS, TimeUnit.SECONDS);
                camel.removeRoute(id);
                // Camel would keep it until the context stops.
                for (RoutePolicy policy : route.getRoutePolicyList()) {
                    camel.removeService(policy);
                }
            }
        }
        camel.removeRouteDefinitions(camel.getRouteDefinitions().stream()
                .filter(route -> loaded.contains(route.getRouteId())).toList());
        camel.removeRouteTemplates("*");
        camel.getRestDefinitions().clear();
        for (var configuration : List.copyOf(camel.getRouteConfigurationDefinitions())) {
            camel.removeRouteConfiguration(configuration);
        }
        loaded.clear();
        if (camel.getRoutes().isEmpty()) {
            camel.getEndpointRegistry().clear();
        }
        HealthCheckRegistry checks = HealthCheckRegistry.get(camel);
        if (checks != null) {
            CHECKS_OF_ROUTES.forEach(id -> checks.getRepository(id).ifPresent(former -> renew(former, checks)));
        }
    }

    private static void renew(HealthCheckRepository former, HealthCheckRegistry checks) {
        checks.unregister(former);
        if (checks.resolveById(former.getId()) instanceof HealthCheckRepository fresh) {
            fresh.setEnabled(former.isEnabled());
            checks.register(fresh);
        }
    }

    /** Returns the IDs of routes that somebody has stopped or suspended. */
    List<String> stopped() {
        return camel.getRoutes().stream().filter(route -> !Boolean.FALSE.equals(route.isAutoStartup()))
                .map(Route::getRouteId).filter(this::isStopped).sorted().toList();
    }

    private boolean isStopped(String id) {
        ServiceStatus status = camel.getRouteController().getRouteStatus(id);
        return status != null && !status.isStarted();
    }

    /** Stops routes again that an operator had stopped, as far as they exist. */
    void stop(Collection<String> ids) throws Exception {
        for (String id : ids) {
            if (camel.getRoute(id) != null) {
                camel.getRouteController().stopRoute(id, STOP_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    /** Returns whether a route has an exchange, whoever has begun it. A response that only streams is none. */
    boolean isBusy() {
        return orders().stream().anyMatch(order -> camel.getInflightRepository().size(order.getRoute().getRouteId()) > 0
                || order.getServices().stream().flatMap(service -> ServiceHelper.getChildServices(service).stream())
                        .anyMatch(part -> part instanceof ShutdownAware queue && queue.getPendingExchangesSize() > 0));
    }
}
