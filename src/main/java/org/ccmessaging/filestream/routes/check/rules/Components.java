package org.ccmessaging.filestream.routes.check.rules;

import java.util.TreeSet;
import org.ccmessaging.filestream.routes.check.Endpoint;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.settings.RoutesSettings;

/** Routes use the components that {@code filestream.routes.components} lists. */
final class Components implements Rule {

    private final RoutesSettings settings;

    Components(RoutesSettings settings) {
        this.settings = settings;
    }

    @Override
    public void check(RouteSet set, Findings findings) {
        set.routes().forEach(route -> allowed(set, route.uri(), route.label() + " receives from", findings));
        set.allSteps().filter(step -> !step.name().startsWith("intercept")).forEach(step -> Targets.of(step)
                .forEach(endpoint -> allowed(set, endpoint, step.label() + " uses", findings)));
    }

    private void allowed(RouteSet set, Endpoint endpoint, String who, Findings findings) {
        // A placeholder may stand for the complete address.
        String scheme = set.resolve(endpoint.scheme()).split(":", 2)[0];
        boolean named = !scheme.isEmpty() && !scheme.contains("{{") && !Texts.evaluates(scheme);
        if (named && !settings.components().contains(scheme)) {
            findings.error("R115", endpoint.place(), who + " component " + scheme + ", which routes may not use",
                    "filestream.routes.components lists what they may use: "
                            + String.join(", ", new TreeSet<>(settings.components())));
        }
    }
}
