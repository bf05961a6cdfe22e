package org.ccmessaging.filestream.routes.testing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Names;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.Value;

/**
 * Tells the steps that a test names from those that do not exist.
 *
 * @param known the names of the steps that the service has
 * @param leftOut the routes that it does not have, because their precondition is false in this installation
 */
record StepNames(Collection<String> known, List<Route> leftOut) {

    private record Named(String step, Place place) {
    }

    /** Says which steps a test names that no route has. */
    List<Mismatch> unknown(TestCase test) {
        return Stream.concat(needed(test), in(test.expect().get("skipped")))
                .filter(named -> !known.contains(named.step()) && routeOf(named.step()).isEmpty())
                .map(named -> Mismatch.of(named.place(), "step", named.step(), "no such step. "
                        + Names.didYouMean(named.step(), known, "The routes have no similar id"))).toList();
    }

    /** The route without which a test cannot run. A step that must not run needs none. */
    Optional<Route> leftOut(TestCase test) {
        return needed(test).map(Named::step).filter(step -> !known.contains(step))
                .flatMap(step -> routeOf(step).stream()).findFirst();
    }

    private Optional<Route> routeOf(String step) {
        return leftOut.stream().filter(route -> route.allSteps().anyMatch(it -> it.id().equals(step))).findFirst();
    }

    private static Stream<Named> needed(TestCase test) {
        List<Named> needed = new ArrayList<>();
        test.mocks().forEach((step, mock) -> needed.add(new Named(step, mock.place())));
        test.faults().forEach((step, fault) -> needed.add(new Named(step, fault.place())));
        return Stream.concat(needed.stream(), in(test.expect().get("steps")));
    }

    private static Stream<Named> in(Value names) {
        return names.items().stream().map(step -> new Named(step.text(), step.place()));
    }
}
