package org.ccmessaging.filestream.toolkit;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;
import org.apache.camel.SafeCopyProperty;
import org.apache.camel.spi.UnitOfWork;
import org.apache.commons.io.input.ProxyInputStream;

/**
 * What routes may use for an exchange and its copies: {@code filestream.routes.timeout}, {@value #MOST_STEPS} steps,
 * calls {@value #DEEPEST} deep, and {@value #MOST_BYTES} bytes in memory. Bytes are those of the values that routes
 * make and receive, whether or not a later value replaces them; a character counts as one. They count before they are
 * in memory. A request that exceeds its budget fails, and the clause that makes its response gets a little more.
 *
 * <p>One thread at a time uses it.
 */
public final class ExchangeBudget implements SafeCopyProperty {

    /** Maximum number of bytes that the routes of an exchange may make and receive. */
    public static final int MOST_BYTES = 2_000_000;

    /** The failure of an exchange without time, for messages. */
    public static final String NO_TIME = "the routes took longer than filestream.routes.timeout allows";

    private static final int MOST_STEPS = 10_000;

    /** Maximum depth of calls from route to route; the shipped routes need three. */
    private static final int DEEPEST = 32;

    // The additional budget of a clause, which may log a stack trace.
    private static final long CLAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int CLAUSE_STEPS = 100;
    private static final int CLAUSE_BYTES = 250_000;

    private static final String KEY = ExchangeBudget.class.getName();

    private long end;
    private long bytes;
    private int steps;
    private boolean exceeded;
    private String place = "the start of the routes";

    /** Returns the budget of an exchange. */
    public static ExchangeBudget of(Exchange exchange) {
        ExchangeBudget known = exchange.getExchangeExtension().getSafeCopyProperty(KEY, ExchangeBudget.class);
        if (known != null) {
            return known;
        }
        ExchangeBudget budget = new ExchangeBudget();
        exchange.getExchangeExtension().setSafeCopyProperty(KEY, budget);
        return budget;
    }

    /** Copies of an exchange share its budget. */
    @Override
    public ExchangeBudget safeCopy() {
        return this;
    }

    /**
     * Counts a step before it runs.
     *
     * @param timeoutMillis {@code filestream.routes.timeout}, which begins with the exchange
     * @param next the step, for messages
     * @param passes whether the step passes a stream in the body on; otherwise what it reads is in memory, and counts
     * @throws IllegalStateException if the step may not run
     */
    public void step(Exchange exchange, long timeoutMillis, String next, boolean passes) {
        if (steps++ == 0) {
            end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis - exchange.getClock().elapsed());
        }
        place = next;
        UnitOfWork unit = exchange.getUnitOfWork();
        // The steps of a clause run one level deeper.
        if (unit != null && unit.routeStackLevel() > DEEPEST + (exceeded ? 1 : 0)) {
            throw exceeded("routes call each other more than " + DEEPEST + " deep");
        }
        boolean late = millisLeft() < 0;
        if (late || steps > MOST_STEPS + (exceeded ? CLAUSE_STEPS : 0)) {
            boolean clauseBegins = !exceeded && exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT) != null;
            IllegalStateException refusal =
                    exceeded(late ? NO_TIME : "the routes run more than " + MOST_STEPS + " steps");
            if (!clauseBegins) {
                throw refusal;
            }
        }
        if (!passes) {
            hold(exchange.getMessage());
        } else if (exchange.getMessage().getBody() instanceof Held held) {
            exchange.getMessage().setBody(held.stream);
        }
    }

    /** Returns the time that is left, in milliseconds; {@link Long#MAX_VALUE} if no step has begun. */
    public long millisLeft() {
        return steps == 0 ? Long.MAX_VALUE : TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }

    /** @throws IllegalStateException if a delay would not end in time */
    public void delay(long millis) {
        if (millis > millisLeft()) {
            throw exceeded("a delay takes " + millis + " ms, and filestream.routes.timeout leaves " + millisLeft()
                    + " ms");
        }
    }

    /** Returns how many bytes the routes may still make and receive. */
    public int bytesLeft() {
        return (int) (MOST_BYTES + (exceeded ? CLAUSE_BYTES : 0) - bytes);
    }

    /**
     * Counts a text, or bytes in memory, before a route has them; other values have no size.
     *
     * @throws IllegalStateException if the routes may not have as many
     */
    public void count(Object value) {
        count(value instanceof String text ? text.length() : value instanceof byte[] array ? array.length
                : value instanceof ByteArrayInputStream stream ? stream.available() : 0L);
    }

    /**
     * Counts bytes before a route has them.
     *
     * @throws IllegalStateException if the routes may not have as many
     */
    public void count(long more) {
        if (more > bytesLeft()) {
            throw exceeded("the routes make more than " + MOST_BYTES + " bytes for a request");
        }
        bytes += more;
    }

    /**
     * Returns what {@link #evaluated} needs after the evaluation of an expression. During it, each value that the
     * expression reads counts, because the expression may put them together.
     */
    public long evaluate(Exchange exchange) {
        hold(exchange.getMessage());
        return bytes;
    }

    /** Counts the value of an expression instead of what it has read; the members of a value may be all of that. */
    public void evaluated(long before, Object value) {
        if (!(value instanceof Collection || value instanceof Map)) {
            bytes = before;
            count(value instanceof String ? value : null);
        }
    }

    private void hold(Message message) {
        if (message.getBody() instanceof InputStream stream && !(stream instanceof Held)
                && !(stream instanceof ByteArrayInputStream)) {
            message.setBody(new Held(stream, this));
        }
    }

    private IllegalStateException exceeded(String what) {
        if (!exceeded) {
            exceeded = true;
            end = Math.max(end, System.nanoTime()) + CLAUSE_NANOS;
        }
        return new IllegalStateException(what + ", at " + place);
    }

    private static final class Held extends ProxyInputStream {

        private final InputStream stream;
        private final ExchangeBudget budget;

        private Held(InputStream stream, ExchangeBudget budget) {
            super(stream);
            this.stream = stream;
            this.budget = budget;
        }

        @Override
        protected void afterRead(int count) {
            // Less than 0 at the end of the stream.
            budget.count(Math.max(0L, count));
        }
    }
}
