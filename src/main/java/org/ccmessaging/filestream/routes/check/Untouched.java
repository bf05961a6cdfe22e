package org.ccmessaging.filestream.routes.check;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Finding.Level;

/**
 * Tells which findings of rules no earlier error can have caused: neither their route has one, nor a route that it
 * calls, nor one that calls it. Clauses of all configurations apply together.
 *
 * @param faulty the routes and configurations with an error
 */
record Untouched(RouteSet set, Set<Route> faulty) {

    /** Rules that any route can violate or satisfy. */
    private static final Set<String> OF_SETS = Set.of("R201", "R203", "R204");

    /** Returns the findings of the rules that no error touches, and all of them if there is no error. */
    static List<Finding> of(RouteSet set, List<Finding> errors, List<Finding> rules) {
        if (errors.isEmpty()) {
            return rules;
        }
        // A copy of the frame takes no part.
        List<Optional<Route>> faulty = errors.stream().filter(error -> !error.code().equals("R104"))
                .map(error -> element(set, error.place())).distinct().toList();
        // Callers of a route whose consumer is wrong are unknown.
        if (!faulty.stream().allMatch(element -> element.filter(route -> isFound(set, route)).isPresent())) {
            return List.of();
        }
        Untouched untouched = new Untouched(set, faulty.stream().map(Optional::get).collect(Collectors.toSet()));
        return rules.stream().filter(untouched::contains).toList();
    }

    /** Returns the route or configuration at a place. */
    private static Optional<Route> element(RouteSet set, Place place) {
        return Stream.of(set.routes(), set.configurations()).flatMap(List::stream)
                .filter(route -> set.item(route.place()) != null && set.item(route.place()) == set.item(place))
                .findFirst();
    }

    private static boolean isFound(RouteSet set, Route route) {
        return set.configurations().contains(route) || !route.uri().scheme().equals("direct")
                || set.routes().stream().anyMatch(caller -> set.callees(caller.allSteps()).contains(route));
    }

    private boolean contains(Finding finding) {
        return finding.level() == Level.WARNING || !OF_SETS.contains(finding.code())
                && element(set, finding.place()).filter(route -> !isTouched(route)).isPresent();
    }

    private boolean isTouched(Route route) {
        Set<Route> called = set.callees(route.allSteps());
        return faulty.stream().anyMatch(other -> other.equals(route) || called.contains(other)
                || set.callees(other.allSteps()).contains(route)
                || set.configurations().containsAll(List.of(route, other)));
    }
}
