package org.ccmessaging.filestream.routes.check;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.ccmessaging.filestream.settings.NearestName;

/**
 * The routes that requests need exist (R201, R211), every call finds exactly one route, no route calls itself (R203),
 * and none takes the place of one of the frame (R104).
 */
record RouteRules(RouteSet set, Findings findings) {

    /** The frame calls it for each checked request. */
    static final String CHOOSE_STORAGE = "direct:choose-storage";

    void check() {
        set.authors().forEach(this::receivesApart);
        set.authors().forEach(route -> route.allSteps().forEach(step -> set.callee(step)
                .filter(callee -> callee.equals(route) || set.callees(callee.steps().stream()).contains(route))
                .ifPresent(callee -> findings.error("R203", step, "calls " + callee.label() + ", which calls "
                        + route.label() + " in turn, without end", "call another route"))));
        if (set.complete()) {
            exist();
            set.ofAuthors().filter(Step::isCall).forEach(this::found);
        }
    }

    /** @param created returns whether Camel has created a route: it creates none whose precondition is false */
    void start(Predicate<Route> created) {
        Set<Route> called = set.callees(set.routes().stream().flatMap(route -> route.steps().stream()));
        set.authors().stream().filter(created.negate()).filter(called::contains)
                .forEach(route -> findings.error("R211", route, route.fields().placeOf("precondition"),
                        "does not exist: its precondition is false with these settings, and requests need it",
                        "compare with a value that the setting has, or remove the precondition"));
    }

    private void receivesApart(Route route) {
        String target = set.target(route.uri());
        Route first = set.consumers().get(target);
        if (set.frame().contains(first) || set.frame().stream().anyMatch(one -> one.id().equals(route.id()))) {
            findings.error("R104", route, route.uri().place(), "takes the place of a route of the frame, which runs"
                    + " from the jar", "remove the route");
        } else if (first != route && !target.isEmpty()) {
            findings.error("R203", route, route.uri().place(), "and " + first.label() + " both receive from "
                    + target, "rename one of them, or delete it");
        }
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

    private void exist() {
        if (!set.consumers().containsKey(CHOOSE_STORAGE)) {
            missing("no route receives from " + CHOOSE_STORAGE + ", which the frame calls");
        }
        if (set.configurations().isEmpty()) {
            missing("no routeConfiguration result-codes");
        }
    }

    private void missing(String what) {
        findings.error("R201", Place.of(set.folder()), what, "restore it from the shipped files");
    }
}
