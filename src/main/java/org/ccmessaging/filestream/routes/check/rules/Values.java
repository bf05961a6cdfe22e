package org.ccmessaging.filestream.routes.check.rules;

import java.util.Optional;
import org.apache.camel.Exchange;
import org.ccmessaging.filestream.routes.check.Assignment;
import org.ccmessaging.filestream.routes.check.Expression;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.Variables;

/** Statuses are statuses, codes are numbers, branches have settings, and Base64 is that of the contract. */
final class Values implements Rule {

    @Override
    public void check(RouteSet set, Findings findings) {
        set.allSteps().flatMap(step -> step.assignments().stream())
                .forEach(assignment -> assigned(set, assignment, findings));
        set.allSteps().filter(Effects::isBase64).forEach(step -> base64(step, findings));
    }

    private static void assigned(RouteSet set, Assignment assignment, Findings findings) {
        Optional<Expression> expression = assignment.expression();
        String text = Effects.constant(set, assignment);
        String name = assignment.name().text();
        if (assignment.what().equals("variable") && name.equals(Variables.BRANCH)) {
            expression.ifPresent(value -> branch(set, value, text, findings));
        } else if (text == null || text.contains("{{") || !assignment.what().equals("header")) {
            return;
        } else if (name.equals(Exchange.HTTP_RESPONSE_CODE) && !text.matches("[2-5]\\d\\d")) {
            findings.error("R206", expression.orElseThrow().place(), "\"" + text + "\" is no HTTP status",
                    "a status is a number from 200 to 599");
        } else if (name.equals(Headers.RESULT_CODE) && !text.matches("\\d+")) {
            findings.error("R206", expression.orElseThrow().place(), "\"" + text + "\" is no resultCode",
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

    private static void base64(Step step, Findings findings) {
        Value base64 = step.field("base64");
        Value length = base64.get("lineLength");
        Value urlSafe = base64.get("urlSafe");
        if (!length.text().equals("0")) {
            findings.error("R221", length.isPresent() ? length.place() : step.place(), step.label()
                    + " breaks Base64 into lines, which the contract forbids", "set base64 lineLength to 0");
        }
        if (urlSafe.isTrue()) {
            findings.error("R221", urlSafe.place(), step.label() + " uses the alphabet for URLs, which the contract"
                    + " forbids", "remove urlSafe");
        }
    }
}
