package org.ccmessaging.filestream.routes.check.rules;

import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.Step;

/**
 * How the way came into a route.
 *
 * @param route the route; {@code null} for a clause
 * @param by the step that called it; {@code null} if the way begins here
 * @param from how the way came to that step; {@code null} if it begins here
 */
record Call(Route route, Step by, Call from) {

    /** Whether the way is in the route already. */
    boolean isIn(Route other) {
        return other.equals(route) || from != null && from.isIn(other);
    }

    /** Whether the way has come out of the route in which it began. */
    boolean isOutermost() {
        return by == null;
    }

    /** What the way was called for, such as {@code direct:read-s3}. */
    String target() {
        return route == null ? "" : route.uri().target();
    }

    /** All steps around a step on this way, from the inner to the outer, the calling steps included. */
    Stream<Step> around(Step step) {
        return by == null ? step.ancestors()
                : Stream.concat(step.ancestors(), Stream.concat(Stream.of(by), from.around(by)));
    }
}
