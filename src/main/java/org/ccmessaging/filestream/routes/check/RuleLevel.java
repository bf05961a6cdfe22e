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
final class RuleLevel {

    private RuleLevel() {
    }

    /**
     * Runs all rules. They run only on files without errors of the levels before.
     *
     * @param entryPoints the paths that the installation allows besides those of the contract
     */
    static void check(RouteSet set, Collection<String> entryPoints, Findings findings) {
        EntryRules.check(set, entryPoints, findings);
        CallRules.check(set, findings);
        ClauseRules.check(set, findings);
        RequestRules.check(set, findings);
        set.allSteps().flatMap(step -> step.assignments().stream())
                .forEach(assignment -> constant(set, assignment, findings));
        set.allSteps().filter(step -> !step.isBranch()).forEach(step -> name(step, findings));
    }

    /** Logs, traces and the console name steps by their id, and people read their description. */
    private static void name(Step step, Findings findings) {
        boolean noId = step.id().isEmpty();
        if (noId || step.description().isEmpty()) {
            findings.warning("R305", step.place(), step.label() + " has no " + (noId ? "id" : "description"),
                    noId ? "give it an id: logs, traces and tests name it so" : null);
        }
    }

    /** A status is an HTTP status, a code is a number, and a branch has settings. */
    private static void constant(RouteSet set, Assignment assignment, Findings findings) {
        Optional<Expression> expression = assignment.expression();
        String text = StepEffect.constant(set, assignment);
        String name = assignment.name().text();
        if (!assignment.isHeader() && name.equals(Variables.BRANCH)) {
            expression.ifPresent(value -> branch(set, value, text, findings));
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

    private static void branch(RouteSet set, Expression value, String name, Findings findings) {
        if (name == null) {
            findings.error("R220", value.place(), "variable branch is set by an expression",
                    "set it to a constant: the name of a branch of filestream.storage");
        } else if (!name.contains("{{") && set.settings().apply("filestream.storage." + name + ".type") == null) {
            findings.error("R220", value.place(), "no branch \"" + name + "\": there is no setting filestream.storage."
                    + name + ".type", "name a branch that the settings have");
        }
    }
}
