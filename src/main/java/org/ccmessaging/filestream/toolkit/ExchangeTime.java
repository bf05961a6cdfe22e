package org.ccmessaging.filestream.toolkit;

import java.time.Duration;
import org.apache.camel.Exchange;

/**
 * The time that routes have for an exchange and its copies: {@code filestream.routes.timeout} from the start of the
 * exchange. A step that waits, such as for another server, asks for the time that is left and waits no longer.
 *
 * @param timeout more than 0
 */
public record ExchangeTime(Duration timeout) {

    /** The failure of an exchange without time, for messages. */
    public static final String EXCEEDED = "the routes took longer than filestream.routes.timeout allows";

    /** Additional time for the clause that makes the response, in milliseconds. */
    private static final long CLAUSE_MILLIS = 5_000;

    private static final String ENDED = ExchangeTime.class.getName() + ".ended";

    /** Returns the time that is left, in milliseconds; less than 0 if the exchange has exceeded its time. */
    public long millisLeft(Exchange exchange) {
        return timeout.toMillis() + (hasEnded(exchange) ? CLAUSE_MILLIS : 0) - exchange.getClock().elapsed();
    }

    /** Ends the time of an exchange early or in time. The clause that makes its response gets 5 s more. */
    public static void end(Exchange exchange) {
        exchange.setProperty(ENDED, true);
    }

    /** Returns whether {@link #end} was called for the exchange. */
    public static boolean hasEnded(Exchange exchange) {
        return exchange.getProperty(ENDED) != null;
    }
}
