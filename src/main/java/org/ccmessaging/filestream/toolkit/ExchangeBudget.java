package org.ccmessaging.filestream.toolkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Expression;
import org.apache.camel.Message;
import org.apache.camel.SafeCopyProperty;
import org.apache.camel.spi.UnitOfWork;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.commons.io.input.ProxyInputStream;
import org.apache.commons.io.output.ProxyOutputStream;
import org.ccmessaging.filestream.failure.Refusal;
import org.ccmessaging.filestream.failure.ServiceBusyException;

/**
 * What routes may use for an exchange and its copies: {@code filestream.routes.timeout}, {@value #MOST_STEPS} steps,
 * calls {@value #DEEPEST} deep, and {@value #MOST_BYTES} bytes in memory. Bytes are those of the values that routes
 * make and receive, whether or not a later value replaces them; a character counts as one. They count before they are
 * in memory. A request that exceeds its budget fails, and the clause that makes its response gets a little more.
 *
 * <p>The values of all exchanges share {@link RoutesMemory}, in which they count as the bytes that Java needs for them.
 * An exchange returns its part when it ends.
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

    /** Bytes that an exchange holds without a share of the common memory, and that a clause gets. */
    private static final int OWN_MEMORY = 16_384;

    private static final long UNLIMITED = Long.MAX_VALUE / 2;

    /** Bytes that an exchange takes at a time. */
    private static final int BLOCK = 65_536;

    /** Length up to which a text counts as one with characters outside Latin-1, without a look at them. */
    private static final int SHORT = 256;

    private static final String KEY = ExchangeBudget.class.getName();

    private final Exchange exchange;
    private final RoutesMemory memory;
    private long end;
    private long bytes;
    private long held;
    private long taken;
    private long own = OWN_MEMORY;
    private int steps;
    private boolean exceeded;
    private String place = "the start of the routes";

    /** @param exchange has the budget; {@code null} for a budget that shares no memory */
    public ExchangeBudget(Exchange exchange) {
        this.exchange = exchange;
        this.memory = exchange == null ? null
                : exchange.getContext().getCamelContextExtension().getContextPlugin(RoutesMemory.class);
    }

    /** Returns the budget of an exchange. */
    public static ExchangeBudget of(Exchange exchange) {
        ExchangeBudget budget = ofAuthors(exchange);
        if (budget == null) {
            budget = new ExchangeBudget(exchange);
            exchange.getExchangeExtension().setSafeCopyProperty(KEY, budget);
        }
        return budget;
    }

    /** Returns the budget of an exchange that has reached a route of an author; otherwise {@code null}. */
    public static ExchangeBudget ofAuthors(Exchange exchange) {
        return exchange.getExchangeExtension().getSafeCopyProperty(KEY, ExchangeBudget.class);
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

    /**
     * Counts a text, or bytes in memory, before a route has them; other values have no size.
     *
     * @throws IllegalStateException if the routes may not have as many
     * @throws ServiceBusyException if all routes may not have as many
     */
    public void count(Object value) {
        if (value instanceof String text) {
            count(text.length(), size(text));
        } else {
            count(value instanceof byte[] array ? array.length
                    : value instanceof ByteArrayInputStream stream ? stream.available() : 0L);
        }
    }

    /** Counts bytes, with the same exceptions. */
    public void count(long more) {
        count(more, more);
    }

    /** Counts a text of so many characters, which take so many bytes, with the same exceptions. */
    public void count(long characters, long size) {
        if (characters > MOST_BYTES + (exceeded ? CLAUSE_BYTES : 0) - bytes) {
            throw exceeded("the routes make more than " + MOST_BYTES + " bytes for a request");
        }
        hold(size);
        bytes += characters;
    }

    /**
     * Counts bytes of memory that are in no value which {@link #count} has counted.
     *
     * @throws ServiceBusyException if all routes may not have as many
     */
    public void hold(long more) {
        long missing = held + more - own - taken;
        if (missing > 0 && memory != null) {
            long share = Math.max(missing, BLOCK);
            if (!memory.take(share)) {
                letClauseRun();
                throw new ServiceBusyException(Refusal.MEMORY);
            }
            if (taken == 0) {
                exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                    @Override
                    public void onDone(Exchange done) {
                        own = UNLIMITED;
                        giveBack();
                    }
                });
            }
            taken += share;
        }
        held += more;
    }

    private void giveBack() {
        long surplus = taken - Math.max(0, held - own);
        if (surplus > BLOCK || own >= UNLIMITED) {
            memory.take(-surplus);
            taken -= surplus;
        }
    }

    /** Returns the memory of a text, in which one character outside Latin-1 makes each take two bytes. */
    public static long size(String text) {
        boolean wide = text.length() <= SHORT || text.chars().anyMatch(character -> character > 0xFF);
        return wide ? 2L * text.length() : text.length();
    }

    /**
     * Evaluates an expression. During it, each value that the expression reads counts, because the expression may put
     * them together, and after it the value of the expression instead. The members of a value may be all that it read.
     */
    public <T> T evaluate(Exchange evaluated, Expression expression, Class<T> type) {
        hold(evaluated.getMessage());
        long bytesBefore = bytes;
        long heldBefore = held;
        T value = expression.evaluate(evaluated, type);
        if (!(value instanceof Collection || value instanceof Map)) {
            bytes = bytesBefore;
            held = heldBefore;
            count(value instanceof String ? value : null);
            giveBack();
        }
        return value;
    }

    /** Returns JSON that a parser gets in place of a value, and counts the objects that it becomes. */
    public Object json(Object value) {
        if (value instanceof ByteArrayInputStream stream) {
            stream.mark(0);
            hold(nodes(stream.readAllBytes()));
            stream.reset();
        } else if (value instanceof InputStream stream) {
            Held held = stream instanceof Held known ? known : new Held(stream, this);
            held.json = true;
            return held;
        } else if (value instanceof byte[] array) {
            hold(nodes(array));
        } else if (value instanceof String text) {
            hold(nodes(text));
        }
        return value;
    }

    /**
     * Returns the memory of the maps, lists, entries, texts and numbers of JSON besides its characters, which is at
     * least that of Jackson's and JSONPath's objects (measured on Java 17).
     */
    private static long nodes(String json) {
        long bytes = 0;
        for (int i = 0; i < json.length(); i++) {
            bytes += switch (json.charAt(i)) {
                case '{' -> json.startsWith("}", i + 1) ? 56 : 136;
                case '[' -> 80;
                case ':' -> 56;
                case '"' -> 24;
                case ',' -> 16;
                case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> 4;
                default -> 0;
            };
        }
        return bytes;
    }

    private static long nodes(byte[] json) {
        return nodes(new String(json, StandardCharsets.ISO_8859_1));
    }

    /** Returns a stream whose bytes count as they are read. */
    public InputStream counted(InputStream stream) {
        return new Held(stream, this);
    }

    /** Returns a stream whose bytes count before they are written. */
    public OutputStream counted(OutputStream stream) {
        return new ProxyOutputStream(stream) {
            @Override
            protected void beforeWrite(int bytesToWrite) {
                ExchangeBudget.this.count((long) bytesToWrite);
            }
        };
    }

    private void hold(Message message) {
        if (message.getBody() instanceof InputStream stream && !(stream instanceof Held)
                && !(stream instanceof ByteArrayInputStream)) {
            message.setBody(counted(stream));
        }
    }

    private IllegalStateException exceeded(String what) {
        if (!exceeded) {
            letClauseRun();
            end = Math.max(end, System.nanoTime()) + CLAUSE_NANOS;
        }
        return new IllegalStateException(what + ", at " + place);
    }

    private void letClauseRun() {
        if (!exceeded) {
            exceeded = true;
            own += OWN_MEMORY;
        }
    }

    private static final class Held extends ProxyInputStream {

        private final InputStream stream;
        private final ExchangeBudget budget;
        private boolean json;

        private Held(InputStream stream, ExchangeBudget budget) {
            super(stream);
            this.stream = stream;
            this.budget = budget;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (json && count > 0) {
                budget.hold(nodes(Arrays.copyOfRange(buffer, offset, offset + count)));
            }
            return count;
        }

        @Override
        protected void afterRead(int count) {
            // Less than 0 at the end of the stream.
            budget.count(Math.max(0L, count));
        }
    }
}
