package org.ccmessaging.filestream.routes.check;

import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;
import org.ccmessaging.filestream.routes.check.Step.Assignment;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.Variables;

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
        set.ofAuthors().flatMap(step -> step.assignments().stream()).forEach(this::constant);
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

    /** A status is an HTTP status, a code is a constant number, and a branch has settings. */
    private void constant(Assignment assignment) {
        Optional<Expression> expression = assignment.expression();
        String text = StepEffect.constant(set, assignment);
        String name = assignment.name().text();
        if (!assignment.isHeader() && name.equals(Variables.BRANCH)) {
            expression.ifPresent(value -> branch(value, text));
        } else if (expression.isEmpty() || !assignment.isHeader() || text != null && text.contains("{{")) {
            return;
        } else if (name.equals(Headers.RESULT_CODE) && (text == null || !Headers.isResultCode(text))) {
            findings.error("R205", expression.get().place(), "\"" + expression.get().text() + "\" is not a resultCode",
                    "a code is a constant of one to five digits, such as 13");
        } else if (name.equals(Exchange.HTTP_RESPONSE_CODE) && text != null && !text.matches("[2-5]\\d\\d")) {
            findings.error("R205", expression.get().place(), "\"" + text + "\" is not an HTTP status",
                    "a status is a number from 200 to 599");
        }
    }

    private void branch(Expression value, String name) {
        if (name == null) {
            findings.error("R220", value.place(), "variable branch is set by an expression",
                    "set it to a constant: the name of a branch of filestream.storage");
        } else if (!name.contains("{{") && set.settings().apply("filestream.storage." + name + ".type") == null) {
            findings.error("R220", value.place(), "no branch \"" + name + "\": there is no setting filestream.storage."
                    + name + ".type", "name a branch that the settings have");
        }
    }
}
