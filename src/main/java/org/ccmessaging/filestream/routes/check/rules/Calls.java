package org.ccmessaging.filestream.routes.check.rules;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Endpoint;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;

/** Which steps call which routes, by {@code direct:}. */
final class Calls {

    private static final String DIRECT = "direct";

    private final RouteSet set;
    private final Map<String, Route> consumers = new LinkedHashMap<>();
    private final Map<Route, List<Step>> steps = new HashMap<>();

    Calls(RouteSet set) {
        this.set = set;
        set.routes().forEach(route -> consumers.putIfAbsent(target(route.uri()), route));
    }

    /** Scheme and path with settings in the place of placeholders, without options. */
    String target(Endpoint endpoint) {
        return set.resolve(endpoint.target()).split("\\?", 2)[0];
    }

    /** What the routes receive from. */
    Map<String, Route> consumers() {
        return consumers;
    }

    static boolean isCall(Step step) {
        return step.name().equals("to") && step.endpoint().scheme().equals(DIRECT);
    }

    /** The route that a step calls. */
    Optional<Route> callee(Step step) {
        return isCall(step) && !step.isDisabled() ? Optional.ofNullable(consumers.get(target(step.endpoint())))
                : Optional.empty();
    }

    /** The routes that these steps call, and those call. */
    Set<Route> reachable(Stream<Step> steps) {
        Set<Route> routes = new LinkedHashSet<>();
        Deque<Step> open = steps.flatMap(Step::withAllBelow).collect(Collectors.toCollection(ArrayDeque::new));
        while (!open.isEmpty()) {
            callee(open.poll()).filter(routes::add).ifPresent(route -> route.allSteps().forEach(open::add));
        }
        return routes;
    }

    /** All steps that a request to a route can meet, and those that are disabled. */
    Stream<Step> steps(Route route) {
        return steps.computeIfAbsent(route, entry -> {
            Set<Route> routes = reachable(entry.steps().stream());
            routes.add(entry);
            return routes.stream().flatMap(Route::allSteps).toList();
        }).stream();
    }

    /** Whether there is such a step below a step, or in a route that it calls. */
    boolean reaches(Step step, Predicate<Step> wanted) {
        return Stream.concat(step.withAllBelow(), reachable(Stream.of(step)).stream().flatMap(Route::allSteps))
                .anyMatch(wanted);
    }

    static boolean isEntry(Route route) {
        return route.uri().scheme().equals("platform-http");
    }

    /** The routes that a client's request can meet. */
    Set<Route> ofRequests() {
        Set<Route> routes = new LinkedHashSet<>(set.routes().stream().filter(Calls::isEntry).toList());
        routes.addAll(reachable(routes.stream().flatMap(Route::allSteps)));
        return routes;
    }

    /** The enabled clauses for failures, of configurations. */
    static Stream<Step> clauses(RouteSet set) {
        return set.configurations().stream().flatMap(configuration -> configuration.clauses().stream())
                .filter(clause -> !clause.isDisabled());
    }
}
