package org.ccmessaging.filestream.routes.check;

import java.util.Set;

/**
 * The rule level of the check: safety (R1xx), completeness (R2xx) and effect (R3xx) of the routes of authors. Each step
 * finds what it needs ({@link DataFlow}, R102).
 */
record RuleLevel(RouteSet set, Findings findings) {

    void check() {
        new RouteRules(set, findings).check();
        new ClauseRules(set, findings).check();
        set.authors().forEach(this::route);
        set.clauses().stream().filter(ClauseRules::responds)
                .forEach(clause -> DataFlow.ofClause(set, clause, findings));
        set.ofAuthors().filter(step -> !step.isBranch()).forEach(this::name);
    }

    private void route(Route route) {
        boolean router = set.target(route.uri()).equals(RouteRules.CHOOSE_STORAGE);
        if (router || !route.uri().scheme().equals("direct")) {
            DataFlow.ofRoute(set, route, router ? Set.of(StepEffect.CUSTOMER) : Set.of(), findings);
        }
        // The copy has no verified customer, and would close the file.
        route.allSteps().filter(step -> step.name().equals("circuitBreaker") && set.opens(step))
                .forEach(step -> findings.error("R102", step, "runs its steps on a copy of the request, in which"
                        + " no file can be opened", "open the file outside; the client of the store has its own"
                        + " circuit breaker"));
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
