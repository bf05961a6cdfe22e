package org.ccmessaging.filestream.routes.check.rules;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.support.PatternHelper;
import org.ccmessaging.filestream.routes.check.Assignment;
import org.ccmessaging.filestream.routes.check.Expression;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.toolkit.Variables;

/** Who the customer is, and where a file is, is for the service to say. */
final class ProtectedVariables implements Rule {

    private static final Set<String> PROTECTED = Set.of(Variables.TENANT_ID, "channelId", "userId",
            Variables.CUSTOMER, Variables.REQUEST_ID, Variables.APP_KEY, Variables.LOCATION, Variables.OBJECT_REQUEST);

    private static final String SCOPE = "exchange:";

    /** Scopes of variables that outlive their request. */
    private static final Set<String> SHARED = Set.of("global:", "route:");

    /** What of an expression is of one request alone. */
    private static final Pattern OF_A_REQUEST = Pattern.compile(
            "\\$(simple)?\\{(?!date:|random|uuid|hostname|routeId|stepId|camelId|variable\\.(global|route):)");

    @Override
    public void check(RouteSet set, Findings findings) {
        set.allSteps().forEach(step -> {
            step.assignments().stream().filter(assignment -> assignment.what().equals("variable"))
                    .forEach(assignment -> {
                        written(step, assignment.name(), findings);
                        shared(step, assignment, findings);
                    });
            removed(step, findings);
        });
        set.routes().stream().map(route -> route.from().get("variableReceive")).filter(Value::isPresent)
                .filter(name -> PROTECTED.contains(plain(name.text()))).forEach(name -> findings.error("R106",
                        name.place(), "a route receives into variable " + name.text() + ", which only the service sets",
                        "use a name of your own"));
    }

    private static void written(Step step, Value name, Findings findings) {
        if (Texts.evaluates(name.text())) {
            findings.error("R106", name.place(), step.label() + " sets a variable whose name an expression makes",
                    "write the name");
        } else if (PROTECTED.contains(plain(name.text()))) {
            findings.error("R106", name.place(), step.label() + " writes variable " + plain(name.text())
                    + ", which only the service sets", "use a name of your own; "
                    + "what the service decides does not depend on this variable");
        }
    }

    /** Another request could serve it to another customer, through step take-stream for example. */
    private static void shared(Step step, Assignment assignment, Findings findings) {
        String name = assignment.name().text();
        if (SHARED.stream().anyMatch(name::startsWith)
                && assignment.expression().map(ProtectedVariables::isOfARequest).orElse(true)) {
            findings.error("R123", assignment.name().place(), step.label() + " keeps something of a request in"
                    + " variable " + name + ", which all requests read",
                    "use a variable of the exchange: " + name.substring(name.indexOf(':') + 1));
        }
    }

    private static boolean isOfARequest(Expression expression) {
        return !expression.isConstant()
                && (!expression.language().equals("simple") || OF_A_REQUEST.matcher(expression.text()).find());
    }

    private static void removed(Step step, Findings findings) {
        if (!step.name().equals("removeVariable")) {
            return;
        }
        Value name = step.field("name");
        Stream.of(name).filter(Value::isPresent)
                .filter(one -> PROTECTED.stream().anyMatch(kept -> PatternHelper.matchPattern(kept, plain(one.text()))))
                .forEach(one -> findings.error("R106", one.place(), step.label() + " removes variable " + one.text()
                        + ", which the service needs", "remove variables of your own only"));
    }

    private static String plain(String name) {
        return name.startsWith(SCOPE) ? name.substring(SCOPE.length()) : name;
    }
}
