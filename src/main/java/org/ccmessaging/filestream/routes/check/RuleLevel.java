package org.ccmessaging.filestream.routes.check;

import java.util.List;
import java.util.Set;
import org.ccmessaging.filestream.settings.NearestName;

/**
 * The rule level of the check: safety (R1xx), completeness (R2xx) and effect (R3xx) of the routes of authors.
 *
 * <p>The routes that requests need are there (R201), every call finds exactly one route, no route calls itself
 * (R203), and none takes the place of one of the frame (R104). Each step finds what it needs ({@link DataFlow}, R102),
 * and each failure its clause ({@link ClauseRules}).
 */
record RuleLevel(RouteSet set, Findings findings) {

    /** The frame calls it for each checked request. */
    static final String CHOOSE_STORAGE = "direct:choose-storage";

    void check() {
        if (!set.consumers().containsKey(CHOOSE_STORAGE)) {
            missing("no route receives from " + CHOOSE_STORAGE + ", which the frame calls");
        }
        if (set.configurations().isEmpty()) {
            missing("no routeConfiguration result-codes");
        }
        new ClauseRules(set, findings).check();
        set.authors().forEach(this::route);
        set.clauses().stream().filter(ClauseRules::responds)
                .forEach(clause -> DataFlow.ofClause(set, clause, findings));
        set.ofAuthors().filter(Step::isCall).forEach(this::found);
        set.ofAuthors().filter(step -> !step.isBranch()).forEach(this::name);
    }

    private void missing(String what) {
        findings.error("R201", Place.of(set.files().folder()), what, "restore it from the shipped files");
    }

    private void route(Step route) {
        receivesApart(route);
        boolean router = set.target(route.endpoint()).equals(CHOOSE_STORAGE);
        if (router || !route.endpoint().scheme().equals("direct")) {
            DataFlow.ofRoute(set, route, router ? Set.of(StepEffect.CUSTOMER) : Set.of(), findings);
        }
        // The copy has no verified customer, and would close the file.
        route.allSteps().filter(step -> step.name().equals("circuitBreaker") && set.opens(step))
                .forEach(step -> findings.error("R102", step, "runs its steps on a copy of the request, in which"
                        + " no file can be opened", "open the file outside; the client of the store has its own"
                        + " circuit breaker"));
        route.allSteps().forEach(step -> set.callee(step)
                .filter(callee -> callee.equals(route) || set.callees(callee.children().stream()).contains(route))
                .ifPresent(callee -> findings.error("R203", step, "calls " + callee.label() + ", which calls "
                        + route.label() + " in turn, without end", "call another route")));
    }

    private void receivesApart(Step route) {
        String target = set.target(route.endpoint());
        Step first = set.consumers().get(target);
        if (set.frame().contains(first)) {
            findings.error("R104", route, route.endpoint().place(), "takes the place of a route of the frame, which"
                    + " runs from the jar", "remove the route");
        } else if (first != route && !target.isEmpty()) {
            findings.error("R203", route, route.endpoint().place(), "and " + first.label() + " both receive from "
                    + target, "rename one of them, or delete it");
        }
    }

    private void found(Step step) {
        String target = set.target(step.endpoint());
        if (!target.contains("{{") && !set.consumers().containsKey(target)) {
            List<String> known = set.consumers().keySet().stream().filter(name -> name.startsWith("direct:")).sorted()
                    .toList();
            findings.error("R203", step.endpoint().place(), step.label() + ": no route receives from " + target,
                    NearestName.didYouMean(target, known, "there are " + String.join(", ", known)));
        }
    }

    /** Logs, traces and the console name steps by their id, and people read their description. */
    private void name(Step step) {
        boolean noId = step.id().isEmpty();
        if (noId || step.description().isEmpty()) {
            findings.warning("R305", step.place(), step.label() + " has no " + (noId ? "id" : "description"),
                    noId ? "give it an id: logs, traces and tests name it so" : null);
        }
    }
}
