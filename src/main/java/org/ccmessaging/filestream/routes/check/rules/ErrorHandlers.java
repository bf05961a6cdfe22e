package org.ccmessaging.filestream.routes.check.rules;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.support.PatternHelper;
import org.ccmessaging.filestream.routes.check.Configuration;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Names;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;

/** The clauses of result-codes apply to every route on the way of a request, and catches see what they wait for. */
final class ErrorHandlers implements WayRule {

    private static final String NONE = "noErrorHandler";

    static final String RESULT_CODES = "result-codes";

    @Override
    public void check(RouteSet set, List<Journey> journeys, Findings findings) {
        if (set.complete() && set.configuration(RESULT_CODES).isEmpty()) {
            findings.error("R201", Place.of(set.folder()), "no routeConfiguration " + RESULT_CODES,
                    "give the configuration of the codes this id");
        }
        Set<Route> onTheWay = onTheWay(journeys);
        set.routes().forEach(route -> named(set, route, onTheWay.contains(route), findings));
        set.configurations().stream().filter(one -> set.complete() && isUnused(set, one)).forEach(one ->
                findings.error("R302", one.place(), "routeConfiguration "
                        + (one.id().isEmpty() ? "without id" : one.id()) + " applies to no route",
                        "name it in routeConfigurationId of the routes it is for: " + RESULT_CODES + ","
                                + (one.id().isEmpty() ? "<its id>" : one.id())));
        entries(set, findings);
        Map<String, Route> consumers = Walk.consumers(set);
        set.allSteps().filter(step -> step.name().equals("doTry"))
                .forEach(step -> caught(set, consumers, step, findings));
    }

    private static void entries(RouteSet set, Findings findings) {
        set.routes().stream().filter(ErrorHandlers::isEntry).filter(ErrorHandlers::handlesNothing).forEach(route ->
                unhandled(route.fields().placeOf("errorHandler"), route.label() + " is an entry, and", findings));
        set.configurations().stream().filter(one -> one.fields().get("errorHandler").get(NONE).isPresent())
                .forEach(one -> unhandled(one.fields().placeOf("errorHandler"), "routeConfiguration " + one.id()
                        + " is for entries too, and", findings));
        set.others().stream().filter(element -> element.name().equals("errorHandler")
                        && element.value().get(NONE).isPresent() && set.routes().stream().filter(ErrorHandlers::isEntry)
                                .anyMatch(route -> route.file().equals(element.file())))
                .forEach(element -> unhandled(element.place(), "this file has an entry, and", findings));
    }

    private static void unhandled(Place place, String who, Findings findings) {
        findings.error("R216", place, who + " has no error handler: no clause applies, and every refusal is an empty"
                + " 500", "remove errorHandler");
    }

    private static boolean isEntry(Route route) {
        return route.uri().scheme().equals("platform-http");
    }

    private static void named(RouteSet set, Route route, boolean onTheWay, Findings findings) {
        Value ids = route.routeConfigurationId();
        List<String> named = set.configurationsOf(route);
        List<String> known = set.configurations().stream().map(Configuration::id).toList();
        Optional<String> padded = named.stream().filter(id -> !id.equals(id.strip())).findFirst();
        if (padded.isPresent()) {
            findings.error("R210", ids.place(), route.label() + " names routeConfiguration \"" + padded.get()
                    + "\": a space is part of the name, so none of its clauses applies", "write it without spaces: "
                    + named.stream().map(String::strip).collect(Collectors.joining(",")));
            return;
        }
        if (set.complete()) {
            named.stream().filter(id -> known.stream().noneMatch(one -> PatternHelper.matchPattern(one, id)))
                    .forEach(id -> findings.error("R210", ids.place(), route.label() + ": no routeConfiguration " + id,
                            Names.didYouMean(id, known, null)));
        }
        if (onTheWay && named.isEmpty()) {
            findings.error("R210", route.place(), route.label() + " has none of the clauses: every refusal of it is an"
                    + " empty 500", "add routeConfigurationId: " + RESULT_CODES);
        } else if (onTheWay && known.containsAll(named) && !named.contains(RESULT_CODES)) {
            findings.error("R210", ids.place(), route.label() + " does not name " + RESULT_CODES,
                    "add it, behind a comma and without a space");
        }
    }

    private static Set<Route> onTheWay(List<Journey> journeys) {
        Set<Route> routes = new HashSet<>();
        journeys.stream().filter(journey -> journey.kind() != Journey.Kind.BACKGROUND).forEach(journey -> {
            routes.add(journey.entry());
            routes.addAll(journey.visits().stream().filter(visit -> visit.path().lacks(Fact.COPY))
                    .map(visit -> visit.call().route()).collect(Collectors.toSet()));
        });
        return routes;
    }

    private static boolean isUnused(RouteSet set, Configuration configuration) {
        boolean clausesAlone = configuration.clauses().size() == configuration.clauses("onException").size();
        return set.routes().stream().filter(route -> !clausesAlone || !handlesNothing(route)).noneMatch(route -> {
            List<String> ids = set.configurationsOf(route);
            return ids.isEmpty() ? configuration.id().isEmpty()
                    : ids.stream().map(String::strip).anyMatch(id -> !configuration.id().isEmpty()
                            && PatternHelper.matchPattern(configuration.id(), id));
        });
    }

    static boolean handlesNothing(Route route) {
        return route.field("errorHandler").get(NONE).isPresent();
    }

    private static void caught(RouteSet set, Map<String, Route> consumers, Step doTry, Findings findings) {
        List<Route> deaf = doTry.children().stream().flatMap(Step::withAllBelow).filter(step -> !step.isDisabled())
                .flatMap(step -> Targets.of(step).stream()).filter(endpoint -> endpoint.scheme().equals("direct"))
                .map(endpoint -> consumers.get(Targets.resolved(set, endpoint)))
                .filter(route -> route != null && !handlesNothing(route)).toList();
        deaf.stream().findFirst().ifPresent(route -> doTry.branches().stream()
                .filter(branch -> branch.name().equals("doCatch")).forEach(branch -> {
                    String message = branch.label() + " never sees a failure of " + route.label()
                            + ", which handles its failures itself";
                    String hint = "give " + route.label() + " errorHandler: noErrorHandler: {}";
                    if (route.uri().target().startsWith("direct:read-")) {
                        findings.error("R310", branch.place(), message, hint);
                    } else {
                        findings.warning("R310", branch.place(), message, hint);
                    }
                }));
    }
}
