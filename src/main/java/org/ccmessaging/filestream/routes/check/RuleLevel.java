package org.ccmessaging.filestream.routes.check;

import java.util.Collection;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.ccmessaging.filestream.routes.check.Step.Assignment;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.Variables;

/**
 * The rule level of the check: safety (R1xx), completeness (R2xx) and effect (R3xx) of the routes. Rules about a single
 * step are here, the others in the classes {@code …Rules}.
 */
record RuleLevel(RouteSet set, Findings findings) {

    /** @param entryPoints the paths that the installation allows besides those of the contract */
    void check(Collection<String> entryPoints) {
        new EntryRules(set, findings).check(entryPoints);
        new CallRules(set, findings).check();
        new ClauseRules(set, findings).check();
        new RequestRules(set, findings).check();
        set.allSteps().flatMap(step -> step.assignments().stream()).forEach(this::constant);
        set.allSteps().filter(step -> !step.isBranch()).forEach(this::name);
    }

    /** Logs, traces and the console name steps by their id, and people read their description. */
    private void name(Step step) {
        boolean noId = step.id().isEmpty();
        if (noId || step.description().isEmpty()) {
            findings.warning("R305", step.place(), step.label() + " has no " + (noId ? "id" : "description"),
                    noId ? "give it an id: logs, traces and tests name it so" : null);
        }
    }

    /** A status is an HTTP status, a code is a number, and a branch has settings. */
    private void constant(Assignment assignment) {
        Optional<Expression> expression = assignment.expression();
        String text = StepEffect.constant(set, assignment);
        String name = assignment.name().text();
        if (!assignment.isHeader() && name.equals(Variables.BRANCH)) {
            expression.ifPresent(value -> branch(value, text));
        } else if (text == null || text.contains("{{") || !assignment.isHeader()) {
            return;
        } else if (name.equals(Exchange.HTTP_RESPONSE_CODE) && !text.matches("[2-5]\\d\\d")) {
            findings.error("R205", expression.orElseThrow().place(), "\"" + text + "\" is not an HTTP status",
                    "a status is a number from 200 to 599");
        } else if (name.equals(Headers.RESULT_CODE) && !text.matches("\\d+")) {
            findings.error("R205", expression.orElseThrow().place(), "\"" + text + "\" is not a resultCode",
                    "a code is a number, such as 13");
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
