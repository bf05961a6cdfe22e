package org.ccmessaging.filestream.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.spi.CamelContextCustomizer;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.RoutePolicySupport;
import org.springframework.boot.SpringBootVersion;
import org.springframework.stereotype.Component;

/**
 * The meters of routes. They continue from one generation of routes to the next: a counter does not restart at zero,
 * and a gauge shows the active generation.
 */
@Component
public class RouteMeters implements CamelContextCustomizer {

    private final MeterRegistry meters;
    private final MultiGauge up;
    private volatile CamelContext shown;

    RouteMeters(MeterRegistry meters) {
        this.meters = meters;
        this.up = MultiGauge.builder("filestream.route.up")
                .description("1 if the route is started, 0 if it is stopped or suspended").register(meters);
        Gauge.builder("camel.routes.running", this, it -> it.shown == null ? 0
                : it.shown.getRoutes().stream().filter(RouteMeters::isStarted).count()).baseUnit("routes")
                .description("Routes that are started").register(meters);
        Gauge.builder("app.info", () -> 0).tags("camel.version", CamelContext.class.getPackage()
                .getImplementationVersion(), "camel.runtime.provider", "Spring-Boot", "camel.runtime.version",
                SpringBootVersion.getVersion()).register(meters);
    }

    /** Shows the routes of this generation in place of those before. */
    public void show(CamelContext generation) {
        shown = generation;
        up.register(generation.getRoutes().stream().<MultiGauge.Row<?>>map(route -> MultiGauge.Row.of(
                Tags.of("routeId", route.getRouteId()), route, each -> isStarted(each) ? 1 : 0)).toList(), true);
    }

    private static boolean isStarted(Route route) {
        ServiceStatus status = route.getCamelContext().getRouteController().getRouteStatus(route.getRouteId());
        return status != null && status.isStarted();
    }

    /** Counts the messages of a generation's routes. */
    @Override
    public void configure(CamelContext generation) {
        generation.addRoutePolicyFactory((context, id, route) -> new Counting(context, id));
    }

    /**
     * The meters of a route, with the names and tags of {@code camel-micrometer}. That library formats three texts for
     * each message of a route, to find out when it began (decision 0006).
     */
    private final class Counting extends RoutePolicySupport {

        private final String begun;
        private final Tags tags;
        private final Timer time;
        private final Counter total;
        private final Counter succeeded;
        private final Counter failed;
        private final Counter handled;

        Counting(CamelContext generation, String routeId) {
            begun = "filestream.begun." + routeId;
            tags = Tags.of("camelContext", generation.getName(), "eventType", "route", "kind", "CamelRoute", "routeId",
                    routeId);
            time = Timer.builder("camel.route.policy").tags(tags)
                    .description("Time from the first step of the route to its last").register(meters);
            total = counter("total", "received");
            succeeded = counter("succeeded", "completed");
            failed = counter("failed", "passed to its caller as failed");
            handled = counter("failures.handled", "completed with a handled failure");
        }

        private Counter counter(String name, String what) {
            return Counter.builder("camel.exchanges." + name).tags(tags)
                    .description("Messages that the route " + what).register(meters);
        }

        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            exchange.setProperty(begun, Timer.start(meters));
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            if (exchange.removeProperty(begun) instanceof Timer.Sample sample) {
                sample.stop(time);
            }
            total.increment();
            if (exchange.isFailed()) {
                failed.increment();
                return;
            }
            succeeded.increment();
            if (ExchangeHelper.isFailureHandled(exchange)) {
                handled.increment();
            }
        }

        /** Keeps the counters for the next generation that has the route. */
        @Override
        public void onRemove(Route removed) {
            if (shown == null || shown.getRoute(removed.getRouteId()) == null) {
                Stream.of(time, total, succeeded, failed, handled).forEach(meters::remove);
            }
        }
    }
}
