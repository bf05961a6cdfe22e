package org.ccmessaging.filestream.routes.check.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ccmessaging.filestream.routes.check.Endpoint;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.rules.Journey.End;
import org.ccmessaging.filestream.routes.check.rules.Journey.Return;
import org.ccmessaging.filestream.routes.check.rules.Journey.Visit;

/**
 * Takes every way through the steps at once: into each branch, through {@code direct:} and {@code seda:} into other
 * routes, from every step of a {@code doTry} into each of its catches. At each step it knows the sets of facts with
 * which a request can arrive there. Few sets differ, so that a walk is short however many branches there are.
 */
final class Walk {

    /** Steps whose steps always run, each of them. */
    private static final Set<String> GROUPS =
            Set.of("pipeline", "step", "saga", "transacted", "policy", "multicast", "loadBalance", "onFallback");

    private static final Set<String> REPEATED = Set.of("loop", "split");

    private final RouteSet set;
    private final Map<String, Route> consumers;
    private final Journey journey;

    private Walk(RouteSet set, Map<String, Route> consumers, Journey journey) {
        this.set = set;
        this.consumers = consumers;
        this.journey = journey;
    }

    /** The way that begins where a route receives. */
    static Journey fromEntry(RouteSet set, Map<String, Route> consumers, Route entry) {
        Journey journey = new Journey(entry, null);
        Path start = entry.uri().scheme().equals("platform-http") ? Path.of() : Path.of(Fact.HTTP_CLEAN);
        new Walk(set, consumers, journey).walk(entry.steps(), start, new Call(entry, null, null));
        return journey;
    }

    /** The way that begins when a clause handles a failure. */
    static Journey fromClause(RouteSet set, Map<String, Route> consumers, Step clause) {
        Journey journey = new Journey(null, clause);
        new Walk(set, consumers, journey).walk(clause.children(), Path.of(Fact.IN_CLAUSE), new Call(null, null, null));
        return journey;
    }

    /** What each {@code direct:} and {@code seda:} name leads to. */
    static Map<String, Route> consumers(RouteSet set) {
        Map<String, Route> consumers = new LinkedHashMap<>();
        set.routes().forEach(route -> consumers.putIfAbsent(Targets.resolved(set, route.uri()), route));
        return consumers;
    }

    /** The bean that a step runs; empty if it runs none. */
    static String bean(Step step) {
        return step.bean().text();
    }

    private void walk(List<Step> steps, Path start, Call call) {
        steps(steps, List.of(start), call).forEach(path -> journey.ends().add(new End(path, null)));
    }

    private List<Path> steps(List<Step> steps, List<Path> in, Call call) {
        List<Path> paths = in;
        for (Step step : steps) {
            if (paths.isEmpty()) {
                return paths;
            }
            if (step.isDisabled()) {
                Path before = paths.get(0);
                step.withAllBelow().forEach(one -> journey.skipped().add(new Visit(one, before, call)));
                continue;
            }
            paths = distinct(step(step, paths, call));
            if (call.isOutermost() && step.parent().map(parent -> parent == journey.clause()).orElse(true)) {
                paths = paths.stream().map(path -> path.after(step)).toList();
            }
        }
        return paths;
    }

    private List<Path> step(Step step, List<Path> in, Call call) {
        in.forEach(path -> journey.visits().add(new Visit(step, path, call)));
        return switch (step.name()) {
            case "choice" -> choice(step, in, call);
            case "doTry" -> doTry(step, in, call);
            case "circuitBreaker" -> circuitBreaker(step, in, call);
            case "throwException", "rollback" -> List.of();
            case "stop" -> stop(step, in);
            case "wireTap" -> {
                copies(step, in, call);
                yield in;
            }
            default -> {
                List<Path> out = calls(step, in, call).stream().map(path -> Effects.of(set, step, path)).toList();
                yield step.children().isEmpty() ? out : inner(step, out, call);
            }
        };
    }

    private List<Path> inner(Step step, List<Path> in, Call call) {
        List<Path> once = steps(step.children(), in, call);
        if (GROUPS.contains(step.name())) {
            return once;
        }
        return both(in, REPEATED.contains(step.name()) && !once.isEmpty()
                ? both(once, steps(step.children(), distinct(once), call)) : once);
    }

    private List<Path> choice(Step choice, List<Path> in, Call call) {
        List<Path> out = new ArrayList<>();
        boolean otherwise = false;
        for (Step branch : choice.branches()) {
            if (branch.isDisabled()) {
                continue;
            }
            otherwise |= branch.name().equals("otherwise");
            List<Path> taken = in.stream().map(path -> path.through(branch)).toList();
            taken.forEach(path -> journey.visits().add(new Visit(branch, path, call)));
            out.addAll(steps(branch.children(), taken, call));
        }
        if (!otherwise) {
            in.forEach(path -> out.add(path.through(choice)));
        }
        return out;
    }

    private List<Path> doTry(Step doTry, List<Path> in, Call call) {
        int before = journey.visits().size();
        List<Path> out = new ArrayList<>(steps(doTry.children(), in, call));
        List<Path> atFailure = since(before, in);
        for (Step branch : doTry.branches()) {
            if (branch.name().equals("doCatch") && !branch.isDisabled()) {
                out.addAll(branch(branch, atFailure, call));
            }
        }
        List<Path> ended = distinct(out);
        for (Step branch : doTry.branches()) {
            if (branch.name().equals("doFinally") && !branch.isDisabled()) {
                ended = branch(branch, ended, call);
            }
        }
        return ended;
    }

    private List<Path> circuitBreaker(Step breaker, List<Path> in, Call call) {
        int before = journey.visits().size();
        List<Path> out = new ArrayList<>(steps(breaker.children(), in, call));
        List<Path> atFailure = since(before, in);
        breaker.branches().stream().filter(branch -> !branch.isDisabled())
                .forEach(branch -> out.addAll(branch(branch, atFailure, call)));
        return out;
    }

    private List<Path> branch(Step branch, List<Path> in, Call call) {
        in.forEach(path -> journey.visits().add(new Visit(branch, path, call)));
        return steps(branch.children(), in, call);
    }

    /** Any step since then can have failed: the facts are those that were true before it. */
    private List<Path> since(int visit, List<Path> in) {
        boolean copy = in.get(0).is(Fact.COPY);
        List<Path> paths = new ArrayList<>(in);
        List<Visit> visits = journey.visits();
        visits.subList(visit, visits.size()).stream().map(Visit::path).filter(path -> path.is(Fact.COPY) == copy)
                .forEach(paths::add);
        return distinct(paths);
    }

    private List<Path> stop(Step stop, List<Path> in) {
        in.stream().filter(path -> path.lacks(Fact.COPY)).forEach(path -> journey.ends().add(new End(path, stop)));
        return List.of();
    }

    private void copies(Step wireTap, List<Path> in, Call call) {
        calls(wireTap, in.stream().map(path -> path.with(Fact.COPY)).toList(), call);
    }

    private List<Path> calls(Step step, List<Path> in, Call call) {
        List<Path> paths = in;
        for (Endpoint endpoint : Targets.of(step)) {
            if (endpoint.scheme().equals("direct") || endpoint.scheme().equals("seda")) {
                paths = call(step, consumers.get(Targets.resolved(set, endpoint)), paths, call);
            }
        }
        return Targets.dynamic(step).isEmpty() ? paths : trusted(paths);
    }

    private List<Path> call(Step step, Route callee, List<Path> in, Call call) {
        if (callee == null) {
            return trusted(in);
        }
        if (call.isIn(callee)) {
            in.forEach(path -> journey.recursions().add(new Visit(step, path, call)));
            return trusted(in);
        }
        List<Path> out = steps(callee.steps(), in, new Call(callee, step, call));
        out.forEach(path -> journey.returns().add(new Return(callee, path)));
        return callee.uri().path().matches("(storage|read)-.*")
                ? out.stream().map(path -> path.with(Fact.OPENED)).toList() : out;
    }

    /** After a call that leads nowhere, which another rule reports, it is as if the file had been opened. */
    private static List<Path> trusted(List<Path> paths) {
        return paths.stream().map(path -> path.with(Fact.BRANCH, Fact.OBJECT_KEY, Fact.RESOLVED, Fact.REQUESTED,
                Fact.FETCHED, Fact.OPENED)).toList();
    }

    private static List<Path> both(List<Path> some, List<Path> others) {
        List<Path> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    private static List<Path> distinct(List<Path> paths) {
        Set<List<Object>> seen = new LinkedHashSet<>();
        return paths.stream().filter(path -> seen.add(List.of(path.facts(),
                path.branch() == null ? "" : path.branch()))).toList();
    }
}
