package org.ccmessaging.filestream.routes;

import org.springframework.stereotype.Component;

/**
 * The generation of routes that serves. A swap is one write: a request is served by the generation before it or by the
 * one after it, and never by parts of both (decision 0024).
 */
@Component
public class Serving {

    private volatile Generation serving;

    /** The generation that serves; {@code null} until the first one has started. */
    public Generation current() {
        return serving;
    }

    /**
     * Takes a request into the generation that serves. The caller ends it by {@link Generation#exit}, when the last
     * byte of the response has left.
     *
     * @return {@code null} until the first generation has started
     */
    public Generation enter() {
        Generation entered = serving;
        while (entered != null) {
            entered.enter();
            // Who swaps reads the count after the write. So either it sees this request, or this sees the swap.
            Generation now = serving;
            if (entered == now) {
                return entered;
            }
            entered.exit();
            entered = now;
        }
        return null;
    }

    /**
     * Makes a generation serve. Requests that have entered the one before end there.
     *
     * @return the one before; {@code null} if there was none
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
