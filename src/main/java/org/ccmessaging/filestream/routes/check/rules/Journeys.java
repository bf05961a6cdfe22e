package org.ccmessaging.filestream.routes.check.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;

/** Walks from every entry and from every clause, and applies the rules about ways to each. */
final class Journeys implements WayRule {

    private static final List<JourneyRule> RULES = List.of(new AuthenticationRules(), new EntryRules(),
            new AdmissionRules(), new StorageRules(), new FirstChunkRules(), new ResponseRules(), new CodeRules(),
            new BodyRules(), new HttpClientRules());

    @Override
    public void check(RouteSet set, List<Journey> journeys, Findings findings) {
        for (Journey journey : journeys) {
            RULES.forEach(rule -> rule.check(set, journey, findings));
        }
    }

    /** A journey for every route that nothing calls but the outside, and for every clause. */
    static List<Journey> all(RouteSet set) {
        Map<String, Route> consumers = Walk.consumers(set);
        List<Journey> journeys = new ArrayList<>();
        set.routes().stream().filter(route -> !route.uri().scheme().equals("direct")
                        && !route.uri().scheme().equals("seda"))
                .forEach(entry -> journeys.add(Walk.fromEntry(set, consumers, entry)));
        clauses(set).forEach(clause -> journeys.add(Walk.fromClause(set, consumers, clause)));
        return journeys;
    }

    /** The enabled clauses for failures, of configurations and of files. */
    static Stream<Step> clauses(RouteSet set) {
        return Stream.concat(
                set.configurations().stream().flatMap(configuration -> configuration.clauses("onException").stream()),
                set.others().stream().filter(element -> element.name().equals("onException")).map(e -> e.step()))
                .filter(clause -> !clause.isDisabled());
    }
}
