package org.ccmessaging.filestream.routes.sandbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.NamedNode;
import org.apache.camel.NamedRoute;
import org.apache.camel.Processor;
import org.apache.camel.SafeCopyProperty;
import org.apache.camel.model.DelayDefinition;
import org.apache.camel.processor.Delayer;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.spi.UnitOfWork;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Ends a request whose routes do not end by themselves: that call each other without end, be it in copies of the
 * request ({@code seda}, {@code wireTap}), or take longer than {@code filestream.routes.timeout}. No step starts after
 * that, and no delay that cannot end by then.
 */
@Component
class BoundedSteps implements InterceptStrategy {

    private static final Logger LOG = LoggerFactory.getLogger(BoundedSteps.class);

    /** Calls from route to route; the shipped routes need three. */
    private static final int DEEPEST = 32;

    /** Copies of one request, in all, that come into a route from which they were made. */
    private static final int MOST_TURNS = 32;

    /** How long the clause of the failure may take, in milliseconds. */
    private static final long CLAUSE_MILLIS = 5_000;

    /** The languages of delays whose expression may be read before the delay reads it. */
    private static final Set<String> READ_TWICE = Set.of("constant", "simple");

    private static final String ENDED = BoundedSteps.class.getName() + ".ended";
    private static final String WAY = BoundedSteps.class.getName() + ".way";

    private final Duration timeout;

    BoundedSteps(RoutesSettings settings) {
        this.timeout = settings.timeout();
    }

    /** What all copies of a request share. */
    private static final class Request {

        private final AtomicInteger turns = new AtomicInteger();
        private final AtomicBoolean reported = new AtomicBoolean();
    }

    /**
     * How an exchange came to where it is. Camel copies it with the exchange, and no step of a route can remove it.
     *
     * @param request shared with all copies
     * @param unit the unit of work; a copy of the exchange has another
     * @param routes in which this exchange began, and those from which it was copied
     * @param turn how many copies of the request had come into a route again, this one included; 0 if it has not
     * @param before the depth at which it was copied; 0 if it is no copy
     * @param level the calls from route to route since
     */
    private record Way(Request request, UnitOfWork unit, List<String> routes, int turn, int before, int level)
            implements SafeCopyProperty {

        int depth() {
            return before + level;
        }

        @Override
        public SafeCopyProperty safeCopy() {
            return this;
        }
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor nextTarget) {
        String route = String.valueOf(CamelContextHelper.getRouteId(step));
        boolean outermost = step.getParent() instanceof NamedRoute;
        return new DelegateAsyncProcessor(target) {

            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                String refusal = refusal(exchange, way(exchange, route, outermost));
                if (refusal == null && target instanceof Delayer delayer && step instanceof DelayDefinition written
                        && READ_TWICE.contains(written.getExpression().getLanguage())) {
                    refusal = refusal(exchange, delayer.getDelay());
                }
                if (refusal == null) {
                    return super.process(exchange, callback);
                }
                exchange.setException(new IllegalStateException(
                        refusal + ", before step " + step.getId() + " of route " + route));
                callback.done(true);
                return true;
            }
        };
    }

    /** The way to here, which the exchange then keeps. */
    private static Way way(Exchange exchange, String route, boolean outermost) {
        UnitOfWork unit = exchange.getUnitOfWork();
        int level = unit == null ? 0 : unit.routeStackLevel();
        Way before = exchange.getExchangeExtension().getSafeCopyProperty(WAY, Way.class);
        if (before != null && before.unit == unit && before.level == level) {
            return before;
        }
        Way way;
        if (before == null) {
            way = new Way(new Request(), unit, List.of(route), 0, 0, level);
        } else {
            boolean copied = before.unit != unit;
            // The steps inside a split or a multicast work on copies too, which come into no route by that.
            boolean again = outermost && before.routes.contains(route)
                    && (copied || before.before > 0 && level > before.level);
            way = new Way(before.request, unit, copied ? with(before.routes, route) : before.routes,
                    again ? before.request.turns.incrementAndGet() : copied ? 0 : before.turn,
                    copied ? before.depth() : before.before, level);
        }
        exchange.getExchangeExtension().setSafeCopyProperty(WAY, way);
        return way;
    }

    private static List<String> with(List<String> routes, String route) {
        List<String> more = new ArrayList<>(routes);
        more.add(route);
        return more;
    }

    /**
     * Why a delay that cannot end in time does not begin: Camel waits in a thread of its own, which nobody interrupts.
     * The exchange would stay in memory, and in flight, until the delay is over.
     */
    private String refusal(Exchange exchange, Expression delay) {
        try {
            Long wait = delay.evaluate(exchange, Long.class);
            // The clause that makes the response has a short time of its own.
            long end = timeout.toMillis() + (exchange.getProperty(ENDED) == null ? 0 : CLAUSE_MILLIS);
            long left = end - exchange.getClock().elapsed();
            return wait == null || wait <= left ? null : "a delay takes " + wait
                    + " ms, and filestream.routes.timeout leaves " + left + " ms";
        } catch (RuntimeException noNumber) {
            // The delay itself fails with it.
            return null;
        }
    }

    private String refusal(Exchange exchange, Way way) {
        boolean endless = way.depth() > DEEPEST || way.turn > MOST_TURNS;
        long elapsed = exchange.getClock().elapsed();
        if (!endless && elapsed <= timeout.toMillis()) {
            return null;
        }
        // The steps of the clause that makes the response may still run, where the failure was and for a short time.
        boolean ended = exchange.getProperty(ENDED) == way.unit;
        exchange.setProperty(ENDED, way.unit);
        if (ended && way.depth() <= DEEPEST + 1 && elapsed <= timeout.toMillis() + CLAUSE_MILLIS) {
            return null;
        }
        if (!endless) {
            return "the routes took longer than filestream.routes.timeout allows";
        }
        String what = way.depth() > DEEPEST ? "routes call each other more than " + DEEPEST + " deep"
                : "routes call themselves in more than " + MOST_TURNS + " copies of one request";
        if (way.before > 0 && way.request.reported.compareAndSet(false, true)) {
            // Nobody waits for a copy, and its route may have no error handler.
            LOG.warn("Route {} was ended: {}", way.routes.get(way.routes.size() - 1), what);
        }
        return what;
    }
}
