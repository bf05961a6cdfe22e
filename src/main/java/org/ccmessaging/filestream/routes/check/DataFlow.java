package org.ccmessaging.filestream.routes.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.ccmessaging.filestream.routes.check.Step.Assignment;
import org.ccmessaging.filestream.toolkit.Headers;

/**
 * Data-flow analysis of a request from a route of an author, or of a failure from its clause, through {@code direct:}
 * and all branches. Compares the facts that each step needs with those that hold on every path to it
 * ({@link StepEffect}).
 *
 * <p>A route is analysed once for each set of facts with which it is called, so routes that call each other often cost
 * no more than others. The service refuses at run time what this analysis does not see.
 *
 * @param clause the clause that is analysed; {@code null} for a route
 * @param results the facts after a call by route and facts; {@code null} if the route never returns
 * @param lost the step that took a fact last, or the branch that did not leave what others did
 * @param analysed the number of steps so far
 */
record DataFlow(RouteSet set, Step clause, Map<List<Object>, Set<String>> results, Map<String, Step> lost,
        AtomicInteger analysed, Findings findings) {

    /** The service aborts a request at 32 nested routes. */
    private static final int DEEPEST = 40;

    /** A hundred times the steps of the shipped routes. */
    private static final int MOST_STEPS = 10_000;

    /** The headers that a clause sets. */
    private static final List<String> OUTCOME_OF_A_CLAUSE =
            List.of(Headers.RESULT_CODE, Headers.RESULT_DESC, Exchange.HTTP_RESPONSE_CODE);

    /** @param facts those that hold when the route begins */
    static void ofRoute(RouteSet set, Step route, Set<String> facts, Findings findings) {
        DataFlow flow = new DataFlow(set, null, new HashMap<>(), new HashMap<>(), new AtomicInteger(),
                findings);
        Set<String> end = flow.steps(route.children(), facts, List.of(route));
        if (route.endpoint().target().equals(RuleLevel.CHOOSE_STORAGE)) {
            flow.opens(route, end);
        }
        if (flow.analysed.get() > MOST_STEPS) {
            findings.error("R102", route, "reaches more than " + MOST_STEPS + " steps by its calls of other routes",
                    "call fewer routes, or call them less often");
        }
    }

    static void ofClause(RouteSet set, Step clause, Findings findings) {
        Set<String> end = new DataFlow(set, clause, new HashMap<>(), new HashMap<>(), new AtomicInteger(),
                findings)
                .steps(clause.children(), Set.of(), List.of());
        if (end != null && !end.contains(StepEffect.RESPONSE)) {
            unanswered(clause, findings);
        }
    }

    private static void unanswered(Step last, Findings findings) {
        findings.error("R102", last, "ends a request without respond, so the client gets no proper response",
                "end it with a step respond");
    }

    /** Reports a route that may end without a file; returns the facts with one. */
    private Set<String> opens(Step route, Set<String> end) {
        if (end == null || end.contains(StepEffect.FILE)) {
            return end;
        }
        Step by = lost.get(StepEffect.FILE);
        findings.error("R102", route, by == null ? route.endpoint().place() : by.place(),
                "can end without an opened file" + where(StepEffect.FILE),
                "end each path with take-stream, with a call of a route read-…, or with throwException");
        return with(end, Set.of(StepEffect.FILE));
    }

    private static Set<String> with(Set<String> facts, Set<String> more) {
        return Stream.concat(facts.stream(), more.stream()).collect(Collectors.toSet());
    }

    private String where(String fact) {
        return lost.containsKey(fact) ? "; see " + lost.get(fact).label() : "";
    }

    /** Returns the facts that hold on each path, by its first step; {@code null} if none of the paths continues. */
    private Set<String> join(Map<Step, Set<String>> paths) {
        paths.values().removeIf(Objects::isNull);
        Set<String> any = paths.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        Set<String> all = new HashSet<>(any);
        paths.forEach((step, facts) -> any.stream().filter(fact -> !facts.contains(fact) && all.remove(fact))
                .forEach(fact -> lost.put(fact, step)));
        return paths.isEmpty() ? null : all;
    }

    private Set<String> steps(List<Step> steps, Set<String> in, List<Step> calls) {
        Set<String> facts = in;
        for (Step step : steps) {
            facts = facts == null || step.isDisabled() || analysed.incrementAndGet() > MOST_STEPS ? facts
                    : step(step, facts, calls);
        }
        return facts;
    }

    private Set<String> step(Step step, Set<String> in, List<Step> calls) {
        body(step, in);
        return switch (step.name()) {
            case "choice" -> choice(step, in, calls);
            case "doTry" -> doTry(step, in, calls);
            case "filter" -> common(in, steps(step.children(), in, calls));
            case "circuitBreaker" -> {
                step.branches().forEach(branch -> branch(branch, in, calls));
                yield steps(step.children(), in, calls);
            }
            case "throwException" -> null;
            case "stop" -> {
                if (clause == null ? in.contains(StepEffect.CUSTOMER) : !in.contains(StepEffect.RESPONSE)) {
                    unanswered(step, findings);
                }
                yield null;
            }
            default -> steps(step.children(), step.isCall() ? call(step, in, calls) : leaf(step, in, calls), calls);
        };
    }

    private Set<String> branch(Step branch, Set<String> in, List<Step> calls) {
        body(branch, in);
        return branch.isDisabled() ? null : steps(branch.children(), in, calls);
    }

    private Set<String> choice(Step choice, Set<String> in, List<Step> calls) {
        Map<Step, Set<String>> paths = new LinkedHashMap<>();
        choice.branches().forEach(branch -> paths.put(branch, branch(branch, in, calls)));
        if (choice.branches().stream().noneMatch(branch -> branch.name().equals("otherwise") && !branch.isDisabled())) {
            paths.put(choice, in);
        }
        return join(paths);
    }

    private static Set<String> common(Set<String> facts, Set<String> ofPath) {
        return ofPath == null ? facts : facts.stream().filter(ofPath::contains).collect(Collectors.toSet());
    }

    private Set<String> doTry(Step doTry, Set<String> in, List<Step> calls) {
        Map<Step, Set<String>> paths = new LinkedHashMap<>();
        paths.put(doTry, steps(doTry.children(), in, calls));
        // Any of its steps can have failed, so only what held before is certain.
        Set<String> failed = common(in, paths.get(doTry));
        doTry.branches().stream().filter(branch -> branch.name().equals("doCatch"))
                .forEach(branch -> paths.put(branch, branch(branch, failed, calls)));
        Set<String> end = join(paths);
        for (Step branch : doTry.branches()) {
            if (branch.name().equals("doFinally") && !branch.isDisabled()) {
                Set<String> last = branch(branch, end == null ? failed : end, calls);
                end = end == null ? null : last;
            }
        }
        return end;
    }

    private Set<String> call(Step step, Set<String> before, List<Step> calls) {
        Step callee = set.callee(step).orElse(null);
        if (callee == null || calls.contains(callee) || calls.size() > DEEPEST) {
            // Another rule reports it, or the service does at run time.
            return with(before, Set.of(StepEffect.LOCATION, StepEffect.FILE));
        }
        boolean reads = callee.endpoint().path().startsWith("read-");
        Set<String> in = reads ? need(step, StepEffect.LOCATION, before) : before;
        if (set.frame().contains(callee)) {
            return with(in, Set.of(StepEffect.FILE));
        }
        List<Object> key = List.of(callee, in);
        if (!results.containsKey(key)) {
            Set<String> out = steps(callee.children(), in, Stream.concat(calls.stream(), Stream.of(callee)).toList());
            results.put(key, clause == null && (reads || callee.endpoint().path().startsWith("storage-"))
                    ? opens(callee, out) : out);
        }
        return results.get(key);
    }

    private Set<String> leaf(Step step, Set<String> in, List<Step> calls) {
        StepEffect effect = StepEffect.of(step);
        boolean responds = step.bean().text().equals(StepEffect.RESPOND);
        if (clause == null && responds) {
            findings.error("R102", step, "makes the response, which is up to the frame and to clauses",
                    "remove it; to refuse a request use throwException, and a clause makes the response");
        } else if (responds) {
            OUTCOME_OF_A_CLAUSE.stream().filter(header -> !in.contains(header)).forEach(header ->
                    findings.error("R213", clause, "does not set header " + header + " before respond",
                            "a clause sets resultCode, resultDesc and CamelHttpResponseCode"));
        }
        if (clause == null && effect.leaves().contains(StepEffect.OUTCOME)) {
            findings.error("R205", step, "sets resultCode, which the frame sets for a file and a clause for a failure",
                    "remove it; to refuse a request use throwException, and its clause sets the code");
        }
        Set<String> facts = in;
        for (String fact : effect.needs()) {
            facts = need(step, fact, facts);
        }
        if (step.endpoint().isPresent() && !calls.isEmpty() && calls.get(calls.size() - 1).allSteps()
                .anyMatch(one -> one.bean().text().equals(StepEffect.TAKE_STREAM))) {
            facts = need(step, StepEffect.LOCATION, facts);
        }
        facts.stream().filter(effect.takes()::contains).forEach(fact -> lost.put(fact, step));
        return with(facts.stream().filter(fact -> !effect.takes().contains(fact)).collect(Collectors.toSet()),
                effect.leaves());
    }

    private Set<String> need(Step step, String fact, Set<String> in) {
        // Of the outcome, R213 says more.
        if (in.contains(fact) || clause != null && fact.equals(StepEffect.OUTCOME)) {
            return in;
        }
        if (clause != null) {
            Step own = clause.allSteps().filter(one -> one == step || one.isCall()
                    && set.reached(Stream.of(one)).contains(step)).findFirst().orElse(clause);
            findings.error("R102", own, (own == step ? "needs " : "calls a route that needs ") + fact
                    + ", which only the request flow has",
                    "remove it: a clause makes the response to a failure, also of a request without a customer");
        } else {
            String leavers = StepEffect.leavers(fact);
            findings.error("R102", step, "needs " + fact + ", which " + leavers + " leaves, on every path"
                    + where(fact),
                    "put " + leavers + " before it, on every path, or end the others with throwException");
        }
        return with(in, Set.of(fact));
    }

    /** Nothing takes the file from the client, or changes the response. */
    private void body(Step step, Set<String> facts) {
        if (facts.contains(StepEffect.RESPONSE)) {
            response(step);
        } else if (clause == null && facts.contains(StepEffect.FILE)) {
            StepEffect.touchesBody(step).ifPresent(place -> findings.error("R209", step, place, "takes or reads the"
                    + " file, which can be read once, before the client gets it", "move it before the step that opens"
                    + " the file, give it variableSend and variableReceive, or read a variable or a header instead"));
        }
    }

    private void response(Step step) {
        Optional<Place> header = step.name().startsWith("removeHeader") ? Optional.of(step.place())
                : step.assignments().stream().filter(Assignment::isHeader).map(Assignment::name)
                        .filter(name -> StepEffect.OUTCOME_HEADERS.contains(name.text())).map(Value::place).findFirst();
        if (step.bean().text().equals(StepEffect.RESPOND)) {
            findings.error("R209", step, "makes a second response on the same path",
                    "keep one respond, as the last step");
        } else if (header.isPresent() || StepEffect.touchesBody(step).isPresent()) {
            findings.error("R209", step, header.orElse(step.place()), "changes or reads the response after respond",
                    "move it before respond");
        }
    }
}
