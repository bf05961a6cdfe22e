package org.ccmessaging.filestream.routes;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.engine.DefaultInflightRepository;
import org.apache.camel.spi.InflightRepository;
import org.ccmessaging.filestream.toolkit.RequestGate;
import org.ccmessaging.filestream.toolkit.RequestId;
import org.springframework.stereotype.Component;

/**
 * The exchanges that are in a route. A reload waits for them, except for exchanges with property
 * {@link RequestGate#OUTSIDE}.
 */
@Component
class ExchangesInRoutes {

    /**
     * An exchange that a reload waits for.
     *
     * @param requestId {@code null} if no request began the exchange
     * @param step ID of the step; {@code null} if the exchange is between two steps
     * @param since when the exchange began
     */
    record Awaited(String requestId, String routeId, String step, Instant since) {

        /** Returns the text for the log and the state of the routes. */
        String text() {
            String subject = requestId == null ? "an exchange" : "request " + requestId;
            String place = step == null ? "" : " at step " + step;
            return subject + " is in route " + routeId + place + " since " + since;
        }
    }

    /** The exchanges in a route, each with the ID of its first route. */
    private final Map<Exchange, String> inside = new ConcurrentHashMap<>();

    /** Counts exchanges for Camel, so that neither a reload nor the stop of a route waits for those outside. */
    private final class Repository extends DefaultInflightRepository {

        /** Camel's own repository, which the console shows. */
        private final InflightRepository shown;

        private Repository(InflightRepository shown) {
            this.shown = shown;
        }

        @Override
        public void add(Exchange exchange) {
            super.add(exchange);
            shown.add(exchange);
        }

        @Override
        public void remove(Exchange exchange) {
            super.remove(exchange);
            shown.remove(exchange);
        }

        @Override
        public void add(Exchange exchange, String routeId) {
            inside.putIfAbsent(exchange, routeId);
            if (exchange.getProperty(RequestGate.OUTSIDE) == null) {
                super.add(exchange, routeId);
            }
        }

        @Override
        public void remove(Exchange exchange, String routeId) {
            inside.remove(exchange, routeId);
            if (exchange.getProperty(RequestGate.OUTSIDE) == null) {
                super.remove(exchange, routeId);
            }
        }
    }

    /** Observes the exchanges of a context whose routes are not yet created. */
    void observe(CamelContext camel) {
        camel.setInflightRepository(new Repository(camel.getInflightRepository()));
    }

    /** Returns the exchanges in a route that began before this time, the oldest first. */
    List<Awaited> olderThan(Duration age) {
        return inside.keySet().stream().filter(exchange -> exchange.getProperty(RequestGate.OUTSIDE) == null
                        && exchange.getClock().elapsed() > age.toMillis())
                .map(ExchangesInRoutes::describe).sorted(Comparator.comparing(Awaited::since)).toList();
    }

    private static Awaited describe(Exchange exchange) {
        return new Awaited(exchange.getProperty(RequestId.PROPERTY, String.class),
                Objects.requireNonNullElse(routeOf(exchange), exchange.getFromRouteId()),
                exchange.getExchangeExtension().getHistoryNodeId(),
                Instant.ofEpochMilli(exchange.getClock().getCreated()).truncatedTo(ChronoUnit.SECONDS));
    }

    private static String routeOf(Exchange exchange) {
        return exchange.getUnitOfWork() == null || exchange.getUnitOfWork().getRoute() == null ? null
                : exchange.getUnitOfWork().getRoute().getRouteId();
    }

    /** Ends exchanges with property {@link RequestGate#OUTSIDE} in these routes, after their current step. */
    void endOutside(Set<String> routeIds) {
        inside.forEach((exchange, routeId) -> {
            if (routeIds.contains(routeId) && exchange.getProperty(RequestGate.OUTSIDE) != null) {
                exchange.setRouteStop(true);
                exchange.setException(new RejectedExecutionException("a reload of the routes ended the call"));
            }
        });
    }
}
