package org.ccmessaging.filestream.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicy;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyFactory;
import org.apache.camel.component.micrometer.springboot.metrics.CamelMetricsAutoConfiguration;
import org.apache.camel.component.micrometer.springboot.metrics.CamelMetricsConfiguration;
import org.apache.camel.spi.CamelContextCustomizer;
import org.springframework.stereotype.Component;

/**
 * The meters of routes. They continue from one generation of routes to the next: a counter does not restart at zero,
 * and a gauge shows the active generation.
 */
@Component
public class RouteMeters implements CamelContextCustomizer {

    private final MeterRegistry meters;
    private final CamelMetricsConfiguration configuration;
    private final MultiGauge up;
    private volatile CamelContext serving;

    RouteMeters(MeterRegistry meters, CamelMetricsConfiguration configuration) {
        this.meters = meters;
        this.configuration = configuration;
        this.up = MultiGauge.builder("filestream.route.up")
                .description("1 if the route is started, 0 if it is stopped or suspended").register(meters);
        Gauge.builder("camel.routes.running", this, it -> it.serving == null ? 0
                : it.serving.getRoutes().stream().filter(RouteMeters::isStarted).count()).baseUnit("routes")
                .description("Routes that are started").register(meters);
    }

    /** Shows the routes of this generation in place of those before. */
    public void serve(CamelContext generation) {
        serving = generation;
        up.register(generation.getRoutes().stream().<MultiGauge.Row<?>>map(route -> MultiGauge.Row.of(
                Tags.of("routeId", route.getRouteId()), route, each -> isStarted(each) ? 1 : 0)).toList(), true);
    }

    boolean isServing(CamelContext generation) {
        return generation == serving;
    }

    /** Returns whether nobody has stopped, suspended or removed a route. */
    public static boolean isStarted(Route route) {
        ServiceStatus status = route.getCamelContext().getRouteController().getRouteStatus(route.getRouteId());
        return status != null && status.isStarted();
    }

    /** Counts the messages of a generation's routes, as Camel does for the only context of an application. */
    @Override
    public void configure(CamelContext generation) {
        new CamelMetricsAutoConfiguration(generation, configuration, meters);
        generation.getRoutePolicyFactories().replaceAll(factory ->
                factory instanceof MicrometerRoutePolicyFactory counting
                        ? (context, routeId, route) -> new Lasting(counting) : factory);
    }

    /** Keeps the counters of a route for the next generation that has it. */
    private final class Lasting extends MicrometerRoutePolicy {

        private Lasting(MicrometerRoutePolicyFactory counting) {
            super(counting);
            setMeterRegistry(meters);
            setNamingStrategy(counting.getNamingStrategy());
            setConfiguration(counting.getPolicyConfiguration());
        }

        @Override
        public void onRemove(Route removed) {
            if (serving == null || serving.getRoute(removed.getRouteId()) == null) {
                super.onRemove(removed);
            }
        }
    }
}
