package org.ccmessaging.filestream.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.RoutePolicySupport;
import org.ccmessaging.filestream.toolkit.RoutesChanged;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Meters of routes. The meters of exchanges have the names and tags of {@code camel-micrometer}. A reload does not
 * reset the counters.
 */
@Component
class RouteMeters implements RoutePolicyFactory {

    private final MeterRegistry meters;
    private final MultiGauge up;
    private volatile boolean active;

    RouteMeters(MeterRegistry meters) {
        this.meters = meters;
        this.up = MultiGauge.builder("filestream.route.up")
                .description("1 if the route is started, 0 if it is stopped or suspended").register(meters);
    }

    @EventListener
    void onRoutesChanged(RoutesChanged changed) {
        active = changed.active();
        if (!active) {
            // The rows of the routes that should run stay, each with value 0.
            return;
        }
        up.register(changed.camel().getRoutes().stream().map(Route::getRouteId).<MultiGauge.Row<?>>map(routeId ->
                MultiGauge.Row.of(Tags.of("routeId", routeId), () -> isUp(changed.camel(), routeId))).toList(), true);
    }

    private int isUp(CamelContext camel, String routeId) {
        ServiceStatus status = camel.getRouteController().getRouteStatus(routeId);
        return active && status != null && status.isStarted() ? 1 : 0;
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext camel, String routeId, NamedNode route) {
        Tags tags = Tags.of("camelContext", camel.getName(), "eventType", "route", "kind", "CamelRoute",
                "routeId", routeId);
        Timer time = meters.timer("camel.route.policy", tags);
        Counter total = meters.counter("camel.exchanges.total", tags);
        Counter succeeded = meters.counter("camel.exchanges.succeeded", tags);
        Counter failed = meters.counter("camel.exchanges.failed", tags);
        Counter handled = meters.counter("camel.exchanges.failures.handled", tags);
        String begun = "filestream.begun." + routeId;
        return new RoutePolicySupport() {

            @Override
            public void onExchangeBegin(Route running, Exchange exchange) {
                exchange.setProperty(begun, Timer.start(meters));
            }

            @Override
            public void onExchangeDone(Route running, Exchange exchange) {
                if (exchange.removeProperty(begun) instanceof Timer.Sample sample) {
                    sample.stop(time);
                }
                total.increment();
                (exchange.isFailed() ? failed : succeeded).increment();
                if (!exchange.isFailed() && ExchangeHelper.isFailureHandled(exchange)) {
                    handled.increment();
                }
            }
        };
    }
}
