package org.ccmessaging.filestream.routes.check.rules;

import java.util.List;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** All rules: R1xx safety, R2xx completeness, R3xx effect. */
@Component
@Lazy
public final class RouteRules implements Rule {

    private final List<Rule> rules;

    /** @param settings what the installation allows its routes */
    public RouteRules(RoutesSettings settings) {
        this.rules = List.of(new EntryPoints(settings), new AssignedConstants(), new Preconditions(), new Clauses(),
                new Requests(), new Wiring());
    }

    @Override
    public void check(RouteSet set, Findings findings) {
        rules.forEach(rule -> rule.check(set, findings));
    }
}
