package org.ccmessaging.filestream.routes;

import org.springframework.stereotype.Component;

/**
 * Holds the active generation of routes. A swap is one write, so one generation serves a request completely, either the
 * previous or the next one (decision 0024).
 */
@Component
public class Serving {

    private volatile Generation serving;

    /** Returns the active generation; {@code null} until the first one has started. */
    public Generation current() {
        return serving;
    }

    /**
     * Enters a request into the active generation. The first one has started when Tomcat opens its port. The caller
     * calls {@link Generation#exit} when the last byte of the response has left.
     */
    public Generation enter() {
        while (true) {
            Generation entered = serving;
            entered.enter();
            // A swap writes first and reads the count afterwards. So it sees this request, or this sees the swap.
            if (entered == serving) {
                return entered;
            }
            entered.exit();
        }
    }

    /**
     * Activates a generation. Requests that have entered the previous one end there.
     *
     * @return the previous generation; {@code null} for the first one
     */
    public Generation swap(Generation next) {
        Generation before = serving;
        serving = next;
        String name = next.camel().getName();
        if (before != null) {
            before.showAs(name + "-draining-" + before.number());
        }
        next.showAs(name);
        return before;
    }
}
