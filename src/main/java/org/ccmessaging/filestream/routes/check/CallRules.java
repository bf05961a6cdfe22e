package org.ccmessaging.filestream.routes.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.settings.NearestName;

/** Every call finds exactly one route, and no route calls itself (R203). */
record CallRules(RouteSet set, Findings findings) {

    /** A call of one route by a step of another. */
    private record Call(Route from, Step step, Route to) {
    }

    void check() {
        set.routes().forEach(route -> {
            String target = set.target(route.uri());
            Route first = set.consumers().get(target);
            if (first != route && !target.isEmpty()) {
                findings.error("R203", route, route.uri().place(), "and " + first.label() + " both receive from "
                        + target, "rename one of them, or delete it");
            }
        });
        if (set.complete()) {
            set.allSteps().filter(Step::isCall).forEach(this::found);
        }
        cycles();
    }

    private void found(Step step) {
        String target = set.target(step.endpoint());
        if (!target.contains("{{") && !set.consumers().containsKey(target)) {
            List<String> known = set.consumers().keySet().stream().filter(name -> name.startsWith("direct:")).sorted()
                    .toList();
            findings.error("R203", step.endpoint().place(), step.label() + ": no route receives from " + target,
                    NearestName.didYouMean(target, known, "there are " + String.join(", ", known)));
        }
    }

    /** Removes calls from or to routes that cannot be in a cycle, until only cycles remain. */
    private void cycles() {
        List<Call> calls = new ArrayList<>();
        set.routes().forEach(route -> route.allSteps().forEach(step -> set.callee(step)
                .ifPresent(callee -> calls.add(new Call(route, step, callee)))));
        boolean fewer = true;
        while (fewer) {
            Set<Route> callers = calls.stream().map(Call::from).collect(Collectors.toSet());
            Set<Route> called = calls.stream().map(Call::to).collect(Collectors.toSet());
            fewer = calls.removeIf(call -> !callers.contains(call.to()) || !called.contains(call.from()));
        }
        calls.forEach(call -> findings.error("R203", call.step(), "calls " + call.to().label() + ", which calls "
                + call.from().label() + " in turn, without end", "call another route"));
    }
}
