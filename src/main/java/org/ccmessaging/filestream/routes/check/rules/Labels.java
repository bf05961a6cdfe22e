package org.ccmessaging.filestream.routes.check.rules;

import java.util.Set;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.routes.check.Step;

/** Logs, traces and the console name steps by their id, and people read their description. */
final class Labels implements Rule {

    /** A branch is named by its step. */
    private static final Set<String> BRANCHES = Set.of("when", "otherwise", "doCatch", "doFinally", "onFallback");

    @Override
    public void check(RouteSet set, Findings findings) {
        set.allSteps().forEach(step -> label(step, findings));
    }

    private static void label(Step step, Findings findings) {
        if (BRANCHES.contains(step.name())) {
            return;
        }
        boolean noId = step.id().isEmpty();
        if (noId || step.description().isEmpty()) {
            findings.warning("R305", step.place(), step.label() + " has no " + (noId ? "id" : "description"),
                    noId ? "give it an id: logs, traces and tests name it so" : null);
        }
    }
}
