package org.ccmessaging.filestream.routes.check.rules;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Endpoint;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Names;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.toolkit.Steps;

/** Every call finds one route, and no route finds itself. */
final class Wiring implements WayRule {

    /** Called by the service itself for failures outside the routes. */
    private static final String FAILURE_OUTCOME = "direct:failure-outcome";

    @Override
    public void check(RouteSet set, List<Journey> journeys, Findings findings) {
        Map<String, List<Route>> consumers = set.routes().stream().collect(Collectors.groupingBy(
                route -> Targets.resolved(set, route.uri()), TreeMap::new, Collectors.toList()));
        consumers.forEach((uri, routes) -> twice(uri, routes, findings));
        if (set.complete()) {
            set.allSteps().forEach(step -> Targets.of(step).forEach(endpoint ->
                    consumed(set, step, endpoint, consumers.keySet(), findings)));
            failureOutcome(set, consumers, findings);
        }
        journeys.forEach(journey -> journey.recursions().forEach(visit -> findings.error("R215",
                visit.step().place(), visit.step().label() + " calls a route that is on the way already, and so without"
                        + " end", "call another route")));
    }

    private static void twice(String uri, List<Route> routes, Findings findings) {
        if (!uri.isEmpty()) {
            routes.stream().skip(1).forEach(route -> findings.error("R202", route.uri().place(), route.label() + " and "
                    + routes.get(0).label() + " both receive from " + uri, "rename one of them, or delete it"));
        }
    }

    private static void consumed(RouteSet set, Step step, Endpoint endpoint, Set<String> consumers,
            Findings findings) {
        boolean internal = endpoint.scheme().equals("direct") || endpoint.scheme().equals("seda");
        String target = Targets.resolved(set, endpoint);
        if (internal && !step.name().startsWith("intercept") && !target.contains("{{") && !Texts.evaluates(target)
                && !consumers.contains(target)) {
            Set<String> known = consumers.stream().filter(name -> name.startsWith(endpoint.scheme() + ":"))
                    .collect(Collectors.toSet());
            findings.error("R203", endpoint.place(), step.label() + ": no route receives from " + target,
                    Names.didYouMean(target, known, known.isEmpty() ? null : "there are "
                            + known.stream().sorted().collect(Collectors.joining(", "))));
        }
    }

    private static void failureOutcome(RouteSet set, Map<String, List<Route>> consumers, Findings findings) {
        List<Route> outcome = consumers.getOrDefault(FAILURE_OUTCOME, List.of());
        if (outcome.isEmpty()) {
            findings.error("R201", Place.of(set.folder()), "no route receives from " + FAILURE_OUTCOME
                    + ", so failures outside the routes have no code", "take it back from the shipped files");
        }
        outcome.stream().filter(route -> Stream.of(route).flatMap(Route::allSteps)
                        .noneMatch(step -> Walk.bean(step).equals(Steps.RAISE_FAILURE) && !step.isDisabled()))
                .forEach(route -> findings.error("R217", route.uri().place(), route.label()
                        + " needs step raise-failure, so that a clause handles the failure", "add it"));
    }
}
