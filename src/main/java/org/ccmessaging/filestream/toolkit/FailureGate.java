package org.ccmessaging.filestream.toolkit;

import java.time.Duration;
import org.springframework.stereotype.Component;

/**
 * The gate before route {@link #ROUTE}, which a reload keeps until the new routes have started, and then replaces
 * within milliseconds. A failure outside the routes therefore never waits for a reload.
 */
@Component
public final class FailureGate extends Gate {

    /** The route that handles failures outside the routes. */
    public static final String ROUTE = "direct:failure-outcome";

    /** Startup creates the route first. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(10);

    public FailureGate() {
        super(MAX_WAIT);
    }
}
