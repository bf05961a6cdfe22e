package org.ccmessaging.filestream.routes.check.rules;

import java.util.List;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;

/** A rule that needs to know where requests can come. */
@FunctionalInterface
interface WayRule {

    /** @param journeys one from each entry and from each clause */
    void check(RouteSet set, List<Journey> journeys, Findings findings);
}
