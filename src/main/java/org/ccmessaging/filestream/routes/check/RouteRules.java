package org.ccmessaging.filestream.routes.check;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.settings.NearestName;

/**
 * Clients reach the paths of the contract, and those that the installation allows, by POST (R103). The routes that
 * requests need exist (R201, R211), every call finds exactly one route, and no route calls itself (R203).
 */
record RouteRules(RouteSet set, Findings findings) {

    /** The service calls it for failures outside the routes. */
    static final String FAILURE_OUTCOME = "direct:failure-outcome";

    /** Sections 1 and 5 of the contract. */
    static final String TOKEN_BY_AK_SK = "platform-http:/apigovernance/api/oauth/tokenByAkSk";
    static final String APPLY_TOKEN = "platform-http:/apiaccess/ccmessaging/applyToken";
    private static final String DOWNLOAD = "platform-http:/apiaccess/ccmessaging/downloadFileStream";

    private static final String ENTRY = "platform-http:";
    private static final List<String> CONTRACT = List.of(APPLY_TOKEN, DOWNLOAD, TOKEN_BY_AK_SK);

    /** @param allowed the paths that the installation allows besides those of the contract */
    void check(Collection<String> allowed) {
        set.routes().stream().filter(Route::isEntry).forEach(route -> entry(route, allowed));
        set.routes().forEach(this::receivesApart);
        set.routes().forEach(route -> route.allSteps().forEach(step -> set.callee(step)
                .filter(callee -> callee.equals(route) || set.callees(callee.steps().stream()).contains(route))
                .ifPresent(callee -> findings.error("R203", step, "calls " + callee.label() + ", which calls "
                        + route.label() + " in turn, without end", "call another route"))));
        if (set.complete()) {
            exist();
            set.allSteps().filter(Step::isCall).forEach(this::found);
        }
    }

    /** @param created returns whether Camel has created a route: it creates none whose precondition is false */
    void start(Predicate<Route> created) {
        Set<Route> called = set.callees(set.routes().stream().flatMap(route -> route.steps().stream()));
        set.routes().stream().filter(created.negate())
                .filter(route -> called.contains(route) || needed().contains(target(route)))
                .forEach(route -> findings.error("R211", route, route.fields().placeOf("precondition"),
                        "does not exist: its precondition is false with these settings, and requests need it",
                        "compare with a value that the setting has, or remove the precondition"));
    }

    /** Returns what the service needs routes to receive from, with the settings as they are. */
    private List<String> needed() {
        return set.resolve("{{filestream.auth.token-endpoints}}").equals("true")
                ? List.of(DOWNLOAD, FAILURE_OUTCOME, TOKEN_BY_AK_SK, APPLY_TOKEN) : List.of(DOWNLOAD, FAILURE_OUTCOME);
    }

    private String target(Route route) {
        String target = set.target(route.uri());
        return route.isEntry() ? ENTRY + "/" + target.replaceFirst("^" + ENTRY + "?/*", "") : target;
    }

    private void receivesApart(Route route) {
        String target = set.target(route.uri());
        Route first = set.consumers().get(target);
        if (first != route && !target.isEmpty()) {
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
        Set<String> there = set.routes().stream().map(this::target).collect(Collectors.toSet());
        needed().stream().filter(target -> !there.contains(target)).forEach(target ->
                missing("no route receives from " + target + ", which the service needs with these settings"));
        if (set.configurations().isEmpty()) {
            missing("no routeConfiguration result-codes");
        }
    }

    private void missing(String what) {
        findings.error("R201", Place.of(set.folder()), what, "restore it from the shipped files");
    }

    private void entry(Route route, Collection<String> allowed) {
        Place place = route.uri().place();
        String target = target(route);
        String path = target.substring(ENTRY.length());
        if (path.startsWith("/proxy")) {
            findings.error("R103", route, place, "makes the service a proxy for anybody, as Camel does for every path"
                    + " that begins with proxy", "give the path another name");
        } else if (!CONTRACT.contains(target) && !allowed.contains(path)) {
            findings.error("R103", route, place, "opens the path " + path
                    + ", which neither the contract nor filestream.routes.entry-points names",
                    NearestName.didYouMean(target, CONTRACT,
                            "add it to filestream.routes.entry-points if it is meant"));
        } else if (!route.uri().parameters().containsKey("httpMethodRestrict")) {
            findings.error("R103", route, place, "accepts every method at " + path + ", which accepts POST only",
                    "set httpMethodRestrict to POST");
        }
    }
}
