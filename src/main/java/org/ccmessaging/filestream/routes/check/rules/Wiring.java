package org.ccmessaging.filestream.routes.check.rules;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.settings.NearestName;

/** Every call finds one route, no route finds itself, and every step has a name. */
final class Wiring implements Rule {

    /** A call of one route by a step of another. */
    private record Edge(Route from, Step step, Route to) {
    }

    @Override
    public void check(RouteSet set, Findings findings) {
        Calls calls = new Calls(set);
        set.routes().forEach(route -> twice(calls, route, findings));
        if (set.complete()) {
            set.allSteps().filter(Calls::isCall).forEach(step -> consumed(calls, step, findings));
        }
        circles(set, calls, findings);
        set.allSteps().filter(step -> !step.isBranch()).forEach(step -> label(step, findings));
    }

    /** Logs, traces and the console name steps by their id, and people read their description. */
    private static void label(Step step, Findings findings) {
        boolean noId = step.id().isEmpty();
        if (noId || step.description().isEmpty()) {
            findings.warning("R305", step.place(), step.label() + " has no " + (noId ? "id" : "description"),
                    noId ? "give it an id: logs, traces and tests name it so" : null);
        }
    }

    private static void twice(Calls calls, Route route, Findings findings) {
        String target = calls.target(route.uri());
        Route first = calls.consumers().get(target);
        if (first != route && !target.isEmpty()) {
            findings.error("R203", route.uri().place(), route.label() + " and " + first.label() + " both receive from "
                    + target, "rename one of them, or delete it");
        }
    }

    private static void consumed(Calls calls, Step step, Findings findings) {
        String target = calls.target(step.endpoint());
        if (!target.contains("{{") && !calls.consumers().containsKey(target)) {
            Set<String> known = calls.consumers().keySet().stream().filter(name -> name.startsWith("direct:"))
                    .collect(Collectors.toSet());
            findings.error("R203", step.endpoint().place(), step.label() + ": no route receives from " + target,
                    NearestName.didYouMean(target, known, "there are " + known.stream().sorted()
                            .collect(Collectors.joining(", "))));
        }
    }

    /** Leaves out routes that call none, or that none calls, until only those in a circle are there. */
    private static void circles(RouteSet set, Calls calls, Findings findings) {
        List<Edge> edges = new ArrayList<>();
        set.routes().forEach(route -> route.allSteps().forEach(step -> calls.callee(step)
                .ifPresent(callee -> edges.add(new Edge(route, step, callee)))));
        boolean fewer = true;
        while (fewer) {
            Set<Route> callers = edges.stream().map(Edge::from).collect(Collectors.toCollection(HashSet::new));
            Set<Route> called = edges.stream().map(Edge::to).collect(Collectors.toSet());
            fewer = edges.removeIf(edge -> !callers.contains(edge.to()) || !called.contains(edge.from()));
        }
        edges.forEach(edge -> findings.error("R203", edge.step().place(), edge.step().label() + " calls "
                + edge.to().label() + ", which calls " + edge.from().label() + " in turn, without end",
                "call another route"));
    }
}
