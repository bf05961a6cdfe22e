package org.ccmessaging.filestream.routes;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Consumer;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.Route;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.ServiceStatus;
import org.apache.camel.Suspendable;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.NodeIdFactory;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RouteStartupOrder;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.ccmessaging.filestream.routes.check.RouteFiles;
import org.ccmessaging.filestream.toolkit.FailureGate;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;

/**
 * Replaces the routes in the Camel context with those of the files and of {@link RoutesBuilder} beans. The caller must
 * ensure that no request is in a route.
 */
@Component
class RouteLoader {

    private static final long STOP_SECONDS = 2;

    /** Minimum idle time after consumers are suspended, because a consumer's thread may still begin an exchange. */
    private static final Duration SETTLING = Duration.ofMillis(100);

    /** Property that Camel sets on a route whose consumer did not start. */
    private static final String START_EXCEPTION = "route.start.exception";

    /** Maximum wait for failures that route failure-outcome handles, because its successor is ready. */
    private static final Duration FAILURES_END = Duration.ofMillis(50);

    /** IDs of those Camel health check repositories that keep the checks of removed routes. */
    private static final List<String> CHECKS_OF_ROUTES = List.of("routes", "consumers");

    private final ModelCamelContext camel;
    private final ListableBeanFactory beans;
    private final ExchangesInRoutes exchanges;
    private final FailureGate failures;
    private final Set<String> loaded = new HashSet<>();

    RouteLoader(ModelCamelContext camel, ListableBeanFactory beans, ExchangesInRoutes exchanges,
            FailureGate failures) {
        this.camel = camel;
        this.beans = beans;
        this.exchanges = exchanges;
        this.failures = failures;
    }

    /**
     * Sets the scope of route builders to prototype, because a builder instance keeps the {@code onException} clauses
     * of its first load.
     */
    @Bean
    static BeanFactoryPostProcessor newRouteBuilders() {
        return beans -> {
            for (String name : beans.getBeanNamesForType(RoutesBuilder.class, true, false)) {
                beans.getBeanDefinition(name).setScope(BeanDefinition.SCOPE_PROTOTYPE);
            }
        };
    }

    /**
     * Loads the routes. Route {@code failure-outcome} is the first at startup, and the last to be replaced later, so
     * that failures outside the routes always find one.
     *
     * @throws Exception if routes cannot be removed, built or started; some of the new routes may exist then
     */
    void load(RouteFiles files) throws Exception {
        boolean first = failures.isClosed();
        unload();
        List<Resource> resources = new ArrayList<>();
        files.contents().forEach((file, text) -> resources.add(
                first && new String(text, StandardCharsets.UTF_8).contains(FailureGate.ROUTE) ? 0 : resources.size(),
                ResourceHelper.fromBytes("file:" + file.toAbsolutePath().normalize(), text)));
        List<RoutesBuilder> builders =
                new ArrayList<>(PluginHelper.getRoutesLoader(camel).findRoutesBuilders(resources));
        // Routes of beans may use route configurations from files, so the files are loaded first.
        builders.addAll(beans.getBeansOfType(RoutesBuilder.class).values());
        Set<String> others = ids();
        others.removeAll(failureRoutes().map(RouteDefinition::getRouteId).toList());
        if (others.isEmpty()) {
            // Restarts the numbers in generated IDs, so that JMX and Hawtio show the same IDs after a reload.
            Map<String, Integer> counts = new HashMap<>();
            camel.getCamelContextExtension().addContextPlugin(NodeIdFactory.class, step ->
                    step.getShortName() + counts.merge(step.getShortName(), 1, Integer::sum));
        }
        List<RouteDefinition> successors = new ArrayList<>();
        try {
            for (RoutesBuilder builder : builders) {
                if (builder instanceof RouteConfigurationsBuilder configurations) {
                    camel.addRoutesConfigurations(configurations);
                }
            }
            camel.setRouteFilter(route -> first || !isFailureRoute(route) || !successors.add(route));
            for (RoutesBuilder builder : builders) {
                camel.addRoutes(builder);
                if (failures.isClosed() && failureRoutes().findAny().isPresent()) {
                    failures.open();
                }
            }
            for (RoutesBuilder builder : builders) {
                camel.addTemplatedRoutes(builder);
            }
            camel.setRouteFilter(null);
            if (!first) {
                replaceFailureRoutes(successors);
            } else if (failures.isClosed()) {
                failures.open();
            }
        } catch (Exception failed) {
            throw withRoute(failed);
        } finally {
            camel.setRouteFilter(null);
            loaded.addAll(ids());
            loaded.removeAll(others);
        }
    }

    private static boolean isFailureRoute(RouteDefinition route) {
        return FailureGate.ROUTE.equals(route.getInput().getEndpointUri());
    }

    private Stream<RouteDefinition> failureRoutes() {
        return List.copyOf(camel.getRouteDefinitions()).stream().filter(RouteLoader::isFailureRoute);
    }

    private void replaceFailureRoutes(List<RouteDefinition> successors) throws Exception {
        boolean closed = failures.close(FAILURES_END);
        try {
            for (RouteDefinition former : failureRoutes().toList()) {
                remove(former);
            }
            camel.addRouteDefinitions(successors);
        } finally {
            if (closed) {
                failures.open();
            }
        }
    }

    /** Adds the ID of the failed route to an exception, because Camel omits the ID after the context has started. */
    private Exception withRoute(Exception failed) {
        return camel.getRoutes().stream().filter(route -> route.getProperties().containsKey(START_EXCEPTION))
                .findFirst().<Exception>map(route -> new FailedToStartRouteException(
                        route.getRouteId(), String.valueOf(failed.getMessage()), failed)).orElse(failed);
    }

    private Set<String> ids() {
        return camel.getRouteDefinitions().stream().map(RouteDefinition::getRouteId).collect(Collectors.toSet());
    }

    private List<RouteStartupOrder> orders() {
        return camel.getCamelContextExtension().getRouteStartupOrder().stream()
                .filter(order -> loaded.contains(order.getRoute().getRouteId())).toList();
    }

    private void remove(RouteDefinition definition) throws Exception {
        Route route = camel.getRoute(definition.getRouteId());
        camel.removeRouteDefinition(definition);
        // Camel would keep the policies of a removed route until the context stops.
        for (RoutePolicy policy : route == null ? List.<RoutePolicy>of() : route.getRoutePolicyList()) {
            camel.removeService(policy);
        }
    }

    /** Removes the routes, except {@code failure-outcome}. */
    void unload() throws Exception {
        if (loaded.isEmpty()) {
            return;
        }
        failureRoutes().map(RouteDefinition::getRouteId).forEach(loaded::remove);
        exchanges.endOutside(loaded);
        // Stops all routes together, because an exchange of a timer may still call other routes.
        camel.getShutdownStrategy().shutdown(camel, orders(), STOP_SECONDS, TimeUnit.SECONDS);
        for (RouteDefinition definition : List.copyOf(camel.getRouteDefinitions())) {
            if (loaded.contains(definition.getRouteId())) {
                remove(definition);
            }
        }
        camel.removeRouteTemplates("*");
        camel.getRestDefinitions().clear();
        for (var configuration : List.copyOf(camel.getRouteConfigurationDefinitions())) {
            camel.removeRouteConfiguration(configuration);
        }
        loaded.clear();
        if (camel.getRoutes().size() == failureRoutes().count()) {
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

    /** Returns the IDs of the routes. */
    List<String> routes() {
        return camel.getRoutes().stream().map(Route::getRouteId).sorted().toList();
    }

    /** Returns the IDs of the stopped routes. */
    List<String> stopped() {
        return camel.getRoutes().stream().filter(route -> !Boolean.FALSE.equals(route.isAutoStartup()))
                .map(Route::getRouteId).filter(this::isStopped).sorted().toList();
    }

    private boolean isStopped(String id) {
        ServiceStatus status = camel.getRouteController().getRouteStatus(id);
        return status != null && !status.isStarted();
    }

    void stop(Collection<String> ids) throws Exception {
        for (String id : ids) {
            if (camel.getRoute(id) != null) {
                camel.getRouteController().stopRoute(id, STOP_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    /**
     * Suspends consumers that begin exchanges without a request, such as timers. Then waits until the routes are idle.
     *
     * @return {@code false} if a route is still busy after {@code longest}; the consumers then run again
     */
    boolean awaitIdle(Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        List<Consumer> sources = orders().stream().map(RouteStartupOrder::getInput)
                .filter(input -> input instanceof Suspendable && !(input instanceof ShutdownAware)
                        && !(input instanceof PlatformHttpConsumer) && ServiceHelper.isStarted(input)).toList();
        sources.forEach(ServiceHelper::suspendService);
        long quiet = sources.isEmpty() ? 0 : SETTLING.toNanos();
        for (long idle = System.nanoTime(); isBusy() || System.nanoTime() - idle < quiet; Thread.sleep(1)) {
            idle = isBusy() ? System.nanoTime() : idle;
            if (System.nanoTime() - end > 0) {
                sources.forEach(ServiceHelper::resumeService);
                return false;
            }
        }
        return true;
    }

    /** Returns whether an exchange is in a route or queue. An exchange whose response is being sent does not count. */
    private boolean isBusy() {
        return orders().stream().anyMatch(order -> camel.getInflightRepository().size(order.getRoute().getRouteId()) > 0
                || order.getServices().stream().flatMap(service -> ServiceHelper.getChildServices(service).stream())
                        .anyMatch(part -> part instanceof ShutdownAware queue && queue.getPendingExchangesSize() > 0));
    }
}
