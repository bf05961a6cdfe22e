package org.ccmessaging.filestream.toolkit;

import java.time.Duration;
import org.springframework.stereotype.Component;

/**
 * The gate before the routes. A reload closes the gate and waits for the requests in the routes, but not for their
 * responses. No request therefore runs through two versions of the routes. The gate is closed until the first routes
 * have started.
 */
@Component
public final class RequestGate extends Gate {

    /** Exchange property of an exchange that no reload waits for, and of its copies. */
    public static final String OUTSIDE = RequestGate.class.getName() + ".outside";

    /** Longer than the 10 s for which an operator may hold requests ({@code POST /actuator/routes}). */
    private static final Duration MAX_WAIT = Duration.ofMillis(10_500);

    public RequestGate() {
        super(MAX_WAIT);
    }
}
