package org.ccmessaging.filestream.routes.check.rules;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;

/** A route that requests need exists and starts with the service. */
final class Preconditions implements Rule {

    private static final Pattern COMPARISON =
            Pattern.compile("\\s*'?([^']*?)'?\\s*(==|!=|in|!in|contains|!contains)\\s*'?([^']*?)'?\\s*");

    @Override
    public void check(RouteSet set, Findings findings) {
        Calls calls = new Calls(set);
        Set<Route> called = set.routes().stream().flatMap(Route::allSteps)
                .flatMap(step -> calls.callee(step).stream()).collect(Collectors.toSet());
        set.routes().forEach(route -> {
            if (isFalse(set.resolve(route.field("precondition").text()))
                    && (called.contains(route) || EntryPoints.isNeeded(set, route))) {
                findings.error("R211", route.fields().placeOf("precondition"), route.label() + " does not exist: its"
                        + " precondition is false with these settings, and requests need it", "compare with a value"
                        + " that the setting has, or remove the precondition");
            }
        });
    }

    /** Whether a comparison of two texts is false. What is something else counts as true. */
    private static boolean isFalse(String precondition) {
        Matcher comparison = COMPARISON.matcher(precondition);
        if (!comparison.matches() || precondition.contains("{")) {
            return precondition.strip().equals("false");
        }
        String left = comparison.group(1);
        String right = comparison.group(3);
        return !switch (comparison.group(2)) {
            case "==" -> left.equals(right);
            case "!=" -> !left.equals(right);
            case "in" -> List.of(right.split(",")).contains(left);
            case "!in" -> !List.of(right.split(",")).contains(left);
            case "contains" -> left.contains(right);
            default -> !left.contains(right);
        };
    }
}
