package org.ccmessaging.filestream.routes.check.rules;

import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;

/** A rule about the order of steps on the way of a request. */
@FunctionalInterface
interface JourneyRule {

    void check(RouteSet set, Journey journey, Findings findings);
}
