package org.ccmessaging.filestream.routes.check.rules;

import java.util.Set;
import java.util.TreeSet;
import org.ccmessaging.filestream.routes.check.Endpoint;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;

/** Routes use the components that the shipped routes use, a few harmless ones, and those that the settings name. */
final class Components implements Rule {

    private static final Set<String> BY_DEFAULT = Set.of("platform-http", "direct", "aws2-s3", "log", "seda", "timer",
            "mock", "bean", "http", "https");

    private final RuleSettings settings;

    Components(RuleSettings settings) {
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
        if (named && !BY_DEFAULT.contains(scheme) && !settings.components().contains(scheme)) {
            findings.error("R115", endpoint.place(), who + " component " + scheme + ", which routes may not use",
                    "they may use " + String.join(", ", new TreeSet<>(BY_DEFAULT))
                            + ", and what filestream.routes.components names");
        }
    }
}
