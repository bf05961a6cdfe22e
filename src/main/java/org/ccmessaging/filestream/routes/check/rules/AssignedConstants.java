package org.ccmessaging.filestream.routes.check.rules;

import java.util.Optional;
import org.apache.camel.Exchange;
import org.ccmessaging.filestream.routes.check.Assignment;
import org.ccmessaging.filestream.routes.check.Expression;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.Variables;

/** Statuses are statuses, codes are numbers, and branches have settings. */
final class AssignedConstants implements Rule {

    @Override
    public void check(RouteSet set, Findings findings) {
        set.allSteps().flatMap(step -> step.assignments().stream())
                .forEach(assignment -> assigned(set, assignment, findings));
    }

    private static void assigned(RouteSet set, Assignment assignment, Findings findings) {
        Optional<Expression> expression = assignment.expression();
        String text = Effect.constant(set, assignment);
        String name = assignment.name().text();
        if (assignment.what().equals("variable") && name.equals(Variables.BRANCH)) {
            expression.ifPresent(value -> branch(set, value, text, findings));
        } else if (text == null || text.contains("{{") || !assignment.what().equals("header")) {
            return;
        } else if (name.equals(Exchange.HTTP_RESPONSE_CODE) && !text.matches("[2-5]\\d\\d")) {
            findings.error("R205", expression.orElseThrow().place(), "\"" + text + "\" is no HTTP status",
                    "a status is a number from 200 to 599");
        } else if (name.equals(Headers.RESULT_CODE) && !text.matches("\\d+")) {
            findings.error("R205", expression.orElseThrow().place(), "\"" + text + "\" is no resultCode",
                    "a code is a number, such as 13");
        }
    }

    private static void branch(RouteSet set, Expression value, String name, Findings findings) {
        if (name == null) {
            findings.error("R220", value.place(), "variable branch is made by an expression",
                    "set it to a constant: the name of a branch of filestream.storage");
        } else if (!name.contains("{{") && set.settings().apply("filestream.storage." + name + ".type") == null) {
            findings.error("R220", value.place(), "no branch \"" + name + "\": there is no setting filestream.storage."
                    + name + ".type", "name a branch that the settings have");
        }
    }
}
