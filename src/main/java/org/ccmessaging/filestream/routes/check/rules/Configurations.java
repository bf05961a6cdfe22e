package org.ccmessaging.filestream.routes.check.rules;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.support.PatternHelper;
import org.ccmessaging.filestream.routes.check.Configuration;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Names;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;

/** The clauses of result-codes apply to every route that a request can meet, and catches see what they wait for. */
final class Configurations implements Rule {

    static final String RESULT_CODES = "result-codes";

    private static final String NONE = "noErrorHandler";

    @Override
    public void check(RouteSet set, Findings findings) {
        Calls calls = new Calls(set);
        Set<Route> ofRequests = calls.ofRequests();
        set.routes().forEach(route -> named(set, route, ofRequests.contains(route), findings));
        set.configurations().stream().filter(one -> set.complete() && isUnused(set, one)).forEach(one ->
                findings.error("R301", one.place(), "routeConfiguration "
                        + (one.id().isEmpty() ? "without id" : one.id()) + " applies to no route",
                        "name it in routeConfigurationId of the routes it is for: " + RESULT_CODES + ","
                                + (one.id().isEmpty() ? "<its id>" : one.id())));
        entries(set, findings);
        set.allSteps().filter(step -> step.name().equals("doTry")).forEach(step -> caught(calls, step, findings));
    }

    private static void entries(RouteSet set, Findings findings) {
        set.routes().stream().filter(Calls::isEntry).filter(Configurations::handlesNothing).forEach(route ->
                unhandled(route.fields().placeOf("errorHandler"), route.label() + " is an entry, and", findings));
        set.configurations().stream().filter(one -> one.fields().get("errorHandler").get(NONE).isPresent())
                .forEach(one -> unhandled(one.fields().placeOf("errorHandler"), "routeConfiguration " + one.id()
                        + " is for entries too, and", findings));
    }

    private static void unhandled(Place place, String who, Findings findings) {
        findings.error("R210", place, who + " has no error handler: no clause applies, and every refusal is an empty"
                + " 500", "remove errorHandler");
    }

    private static void named(RouteSet set, Route route, boolean ofRequests, Findings findings) {
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
        Stream.of(named).filter(ignored -> set.complete()).flatMap(List::stream)
                .filter(id -> known.stream().noneMatch(one -> PatternHelper.matchPattern(one, id)))
                .forEach(id -> findings.error("R210", ids.place(), route.label() + ": no routeConfiguration " + id,
                        Names.didYouMean(id, known, null)));
        if (ofRequests && named.isEmpty()) {
            findings.error("R210", route.place(), route.label() + " has none of the clauses: every refusal of it is an"
                    + " empty 500", "add routeConfigurationId: " + RESULT_CODES);
        } else if (ofRequests && known.containsAll(named) && !named.contains(RESULT_CODES)) {
            findings.error("R210", ids.place(), route.label() + " does not name " + RESULT_CODES,
                    "add it, behind a comma and without a space");
        }
    }

    private static boolean isUnused(RouteSet set, Configuration configuration) {
        return set.routes().stream().filter(route -> !handlesNothing(route)).noneMatch(route -> {
            List<String> ids = set.configurationsOf(route);
            return ids.isEmpty() ? configuration.id().isEmpty()
                    : ids.stream().map(String::strip).anyMatch(id -> !configuration.id().isEmpty()
                            && PatternHelper.matchPattern(configuration.id(), id));
        });
    }

    static boolean handlesNothing(Route route) {
        return route.field("errorHandler").get(NONE).isPresent();
    }

    private static void caught(Calls calls, Step doTry, Findings findings) {
        doTry.children().stream().flatMap(Step::withAllBelow).flatMap(step -> calls.callee(step).stream())
                .filter(route -> !handlesNothing(route)).findFirst().ifPresent(route -> doTry.branches().stream()
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
