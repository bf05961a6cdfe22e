package org.ccmessaging.filestream.routes.check.rules;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.routes.check.Assignment;
import org.ccmessaging.filestream.routes.check.Expression;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.toolkit.Variables;

/** No address is made of what a client wrote. */
final class DynamicUris implements Rule {

    /** Variables that hold what the service verified, or what a route wrote. */
    private static final Set<String> VERIFIED = Set.of(Variables.TENANT_ID, Variables.APP_KEY, Variables.IN_MEMORY);

    private static final Pattern VARIABLE = Pattern.compile("variable(?:As\\()?[.:\\[]?['\"]?([\\w-]+).*");
    private static final Pattern CLIENTS = Pattern.compile("(?i).*(body|header|message|attachment|originalBody"
            + "|exchange\\.|in\\.|jsonpath|xpath|jq\\(|variables).*");
    private static final String ADDRESS = "CamelHttpUri";

    @Override
    public void check(RouteSet set, Findings findings) {
        List<Assignment> assignments = set.allSteps().flatMap(step -> step.assignments().stream()).toList();
        Set<String> written = writtenByClients(assignments);
        set.allSteps().forEach(step -> Targets.dynamic(step).filter(uri -> isClients(uri, written)).ifPresent(uri ->
                findings.error("R112", uri.place(), step.label() + " makes an address of what a client wrote: "
                        + uri.text(), "use a fixed uri, and a choice if there are several")));
        assignments.stream().filter(assignment -> assignment.name().text().equalsIgnoreCase(ADDRESS))
                .map(Assignment::expression).flatMap(Optional::stream).filter(uri -> isClients(uri, written))
                .forEach(uri -> findings.error("R112", uri.place(), "header " + ADDRESS + " makes an address of what a"
                        + " client wrote: " + uri.text(), "use a fixed uri"));
    }

    /** The names of variables that hold a client's words, directly or through others. */
    private static Set<String> writtenByClients(List<Assignment> assignments) {
        Set<String> written = new HashSet<>(Set.of(Variables.REQUEST));
        boolean more = true;
        while (more) {
            more = false;
            for (Assignment one : assignments) {
                if (one.what().equals("variable") && one.expression().map(from -> isClients(from, written)).orElse(true)
                        && !VERIFIED.contains(one.name().text())) {
                    more |= written.add(one.name().text());
                }
            }
        }
        return written;
    }

    private static boolean isClients(Expression expression, Set<String> written) {
        return switch (expression.language()) {
            case "constant", "ref" -> false;
            case "simple" -> Texts.functions(expression.text()).stream()
                    .anyMatch(function -> isClients(function, written));
            case "variable" -> isClients("variable." + expression.text(), written);
            case "exchangeProperty", "method" -> false;
            default -> true;
        };
    }

    private static boolean isClients(String function, Set<String> written) {
        Matcher variable = VARIABLE.matcher(function);
        if (variable.matches()) {
            return written.contains(variable.group(1));
        }
        return CLIENTS.matcher(function).matches();
    }
}
