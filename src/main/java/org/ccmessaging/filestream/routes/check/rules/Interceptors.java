package org.ccmessaging.filestream.routes.check.rules;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.support.PatternHelper;
import org.ccmessaging.filestream.routes.check.Element;
import org.ccmessaging.filestream.routes.check.Endpoint;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.routes.check.Step;

/** What stands beside routes applies to one. */
final class Interceptors implements Rule {

    private static final Set<String> BESIDE = Set.of("onException", "onCompletion", "intercept", "interceptFrom",
            "interceptSendToEndpoint", "errorHandler");

    /** What an interceptor may do: it runs around steps before authenticate, and around those that have a file. */
    private static final Set<String> WATCH = Set.of("log", "setVariable", "setVariables", "setProperty", "choice",
            "when", "otherwise", "filter", "step", "pipeline", "wireTap");

    @Override
    public void check(RouteSet set, Findings findings) {
        clauses(set).filter(clause -> clause.name().startsWith("intercept"))
                .forEach(clause -> watches(clause, findings));
        set.others().stream().filter(element -> BESIDE.contains(element.name()))
                .forEach(element -> applies(set, element, findings));
        clauses(set).filter(clause -> clause.name().equals("onCompletion")).forEach(clause ->
                findings.warning("R309", clause.place(), clause.label() + " reports a large file before it has flowed",
                        "use a route from direct:download-ended"));
        clauses(set).filter(clause -> clause.name().equals("interceptSendToEndpoint")
                || clause.name().equals("interceptFrom")).forEach(clause -> matches(set, clause, findings));
    }

    private static Stream<Step> clauses(RouteSet set) {
        return Stream.concat(set.configurations().stream().flatMap(one -> one.clauses().stream()),
                set.others().stream().filter(element -> BESIDE.contains(element.name())).map(Element::step));
    }

    /** Camel's YAML loader makes one builder of each file, and these apply to the routes of their builder. */
    private static void applies(RouteSet set, Element element, Findings findings) {
        List<Route> beside = set.routes().stream().filter(route -> route.file().equals(element.file())).toList();
        boolean forFailures = element.name().equals("onException") || element.name().equals("errorHandler");
        if (beside.isEmpty()) {
            findings.error("R301", element.place(), element.name() + " applies to nothing: it is for the routes of its"
                    + " own file, which has none", "move it into routeConfiguration result-codes, or into the file of"
                    + " the route that it is for");
        } else if (forFailures && beside.stream().allMatch(ErrorHandlers::handlesNothing)) {
            findings.error("R301", element.place(), element.name() + " applies to nothing: the routes of its file have"
                    + " noErrorHandler", "move it to the file of the route that calls them");
        }
    }

    private static void watches(Step clause, Findings findings) {
        if (clause.field("skipSendToOriginalEndpoint").isTrue()) {
            findings.error("R101", clause.placeOf("skipSendToOriginalEndpoint"), clause.label() + " takes the place of"
                    + " steps", "replace the step itself");
        }
        clause.withAllBelow().filter(step -> step != clause && !step.isDisabled()).forEach(step -> {
            boolean log = step.endpoint().scheme().equals("log");
            Optional<Place> read = Body.isReadBy(step);
            if (!WATCH.contains(step.name()) && !log) {
                findings.error("R101", step.place(), step.label() + " is in " + clause.name() + ", which runs before"
                        + " authenticate too: it may only log and set variables", "make it a step of a route");
            } else if (read.isPresent()) {
                findings.error("R307", read.get(), step.label() + " is in " + clause.name() + " and reads the body of"
                        + " every step, the file too", "read a variable or a header instead");
            }
        });
    }

    private static void matches(RouteSet set, Step clause, Findings findings) {
        String pattern = set.resolve(clause.field("uri").text());
        boolean from = clause.name().equals("interceptFrom");
        if (pattern.isEmpty() || pattern.equals("*")) {
            return;
        }
        Stream<Endpoint> endpoints = from ? set.routes().stream().map(Route::uri)
                : set.allSteps().filter(step -> !step.name().startsWith("intercept"))
                        .flatMap(step -> Targets.of(step).stream());
        if (endpoints.noneMatch(endpoint -> isMatch(set, endpoint, pattern))) {
            findings.error("R311", clause.field("uri").place(), clause.label() + " applies to nothing: no "
                    + (from ? "route receives from " : "step sends to ") + pattern, "correct the pattern");
        }
    }

    private static boolean isMatch(RouteSet set, Endpoint endpoint, String pattern) {
        String target = Targets.resolved(set, endpoint);
        String plain = pattern.replaceFirst("://", ":");
        return PatternHelper.matchPattern(target, plain) || PatternHelper.matchPattern(target + ":", plain)
                || PatternHelper.matchPattern(endpoint.toString(), plain);
    }
}
