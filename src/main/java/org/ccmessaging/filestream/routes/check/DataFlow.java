package org.ccmessaging.filestream.routes.check;

import static java.util.Objects.requireNonNullElse;

import java.util.Collection;
import java.util.HashMap;
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
 * @param results the state after a call by route and facts; {@code null} if the route never returns
 * @param analysed the number of steps so far
 */
record DataFlow(RouteSet set, Step clause, Map<List<Object>, State> results, AtomicInteger analysed,
        Findings findings) {

    /** The service aborts a request at 32 nested routes. */
    private static final int DEEPEST = 40;

    /** A hundred times the steps of the shipped routes. */
    private static final int MOST_STEPS = 10_000;

    /** The headers that a clause sets. */
    private static final List<String> OUTCOME_OF_A_CLAUSE =
            List.of(Headers.RESULT_CODE, Headers.RESULT_DESC, Exchange.HTTP_RESPONSE_CODE);

    private static final Set<String> BRANCHES = Set.of("choice", "when", "otherwise");

    /**
     * The facts at a point of the flow.
     *
     * @param facts {@code null} for a fact that holds on every path to it; for one that does not, the step that took
     *     it, or the branch that does not leave it
     */
    record State(Map<String, Step> facts) {

        boolean has(String fact) {
            return facts.containsKey(fact) && facts.get(fact) == null;
        }

        Set<String> held() {
            return facts.keySet().stream().filter(this::has).collect(Collectors.toSet());
        }

        State with(Collection<String> more) {
            Map<String, Step> all = new HashMap<>(facts);
            more.forEach(fact -> all.put(fact, null));
            return new State(all);
        }

        State without(Collection<String> less, Step by) {
            Map<String, Step> rest = new HashMap<>(facts);
            less.stream().filter(this::has).forEach(fact -> rest.put(fact, by));
            return new State(rest);
        }

        /** Keeps the facts that also hold in a state of the same path; {@code null} if the path ends before it. */
        State and(State other) {
            Map<String, Step> both = new HashMap<>(facts);
            both.keySet().removeIf(fact -> other != null && has(fact) && !other.has(fact));
            return new State(both);
        }

        /** Joins the states after branches; {@code null} if no branch continues. */
        static State join(Map<Step, State> branches) {
            branches.values().removeIf(Objects::isNull);
            Map<String, Step> joined = new HashMap<>();
            branches.values().forEach(state -> joined.putAll(state.facts));
            joined.replaceAll((fact, any) -> branches.entrySet().stream().filter(one -> !one.getValue().has(fact))
                    .findFirst().map(one -> requireNonNullElse(one.getValue().facts.get(fact), one.getKey()))
                    .orElse(null));
            return branches.isEmpty() ? null : new State(joined);
        }
    }

    /** @param facts those that hold when the route begins */
    static void ofRoute(RouteSet set, Step route, Set<String> facts, Findings findings) {
        DataFlow flow = new DataFlow(set, null, new HashMap<>(), new AtomicInteger(), findings);
        State end = flow.steps(route.children(), new State(Map.of()).with(facts), List.of(route));
        if (route.endpoint().target().equals(RuleLevel.CHOOSE_STORAGE)) {
            flow.opens(route, end);
        }
        if (flow.analysed.get() > MOST_STEPS) {
            findings.error("R102", route, "reaches more than " + MOST_STEPS + " steps by its calls of other routes",
                    "call fewer routes, or call them less often");
        }
    }

    static void ofClause(RouteSet set, Step clause, Findings findings) {
        State end = new DataFlow(set, clause, new HashMap<>(), new AtomicInteger(), findings)
                .steps(clause.children(), new State(Map.of()), List.of());
        if (end != null && !end.has(StepEffect.RESPONSE)) {
            unanswered(requireNonNullElse(end.facts().get(StepEffect.RESPONSE), clause), findings);
        }
    }

    private static void unanswered(Step last, Findings findings) {
        findings.error("R102", last, "ends a request without respond, so the client gets no proper response",
                "end it with a step respond");
    }

    /** Reports a route that may end without a file; returns the state with one. */
    private State opens(Step route, State end) {
        if (end == null || end.has(StepEffect.FILE)) {
            return end;
        }
        Step lost = end.facts().get(StepEffect.FILE);
        findings.error("R102", route, lost == null ? route.endpoint().place() : lost.place(),
                "can end without an opened file" + (lost == null ? "" : ", by " + lost.label()),
                "end each path with take-stream, with a call of a route read-…, or with throwException");
        return end.with(Set.of(StepEffect.FILE));
    }

    private State steps(List<Step> steps, State in, List<Step> calls) {
        State state = in;
        for (Step step : steps) {
            state = state == null || step.isDisabled() || analysed.incrementAndGet() > MOST_STEPS ? state
                    : step(step, state, calls);
        }
        return state;
    }

    private State step(Step step, State in, List<Step> calls) {
        body(step, in);
        return switch (step.name()) {
            case "choice" -> choice(step, in, calls);
            case "doTry" -> doTry(step, in, calls);
            case "filter" -> in.and(steps(step.children(), in, calls));
            case "circuitBreaker" -> {
                step.branches().forEach(branch -> branch(branch, in, calls));
                yield steps(step.children(), in, calls);
            }
            case "throwException" -> null;
            case "stop" -> {
                if (clause == null ? in.has(StepEffect.CUSTOMER) : !in.has(StepEffect.RESPONSE)) {
                    unanswered(step, findings);
                }
                yield null;
            }
            default -> steps(step.children(), step.isCall() ? call(step, in, calls) : leaf(step, in, calls), calls);
        };
    }

    private State branch(Step branch, State in, List<Step> calls) {
        body(branch, in);
        return branch.isDisabled() ? null : steps(branch.children(), in, calls);
    }

    private State choice(Step choice, State in, List<Step> calls) {
        Map<Step, State> out = new LinkedHashMap<>();
        choice.branches().forEach(branch -> out.put(branch, branch(branch, in, calls)));
        if (choice.branches().stream().noneMatch(branch -> branch.name().equals("otherwise") && !branch.isDisabled())) {
            out.put(choice, in);
        }
        return State.join(out);
    }

    private State doTry(Step doTry, State in, List<Step> calls) {
        State tried = steps(doTry.children(), in, calls);
        // Any of its steps can have failed, so only what held before is certain.
        State failed = in.and(tried);
        Map<Step, State> out = new LinkedHashMap<>();
        out.put(doTry, tried);
        doTry.branches().stream().filter(branch -> branch.name().equals("doCatch"))
                .forEach(branch -> out.put(branch, branch(branch, failed, calls)));
        State end = State.join(out);
        for (Step branch : doTry.branches()) {
            if (branch.name().equals("doFinally") && !branch.isDisabled()) {
                State last = branch(branch, end == null ? failed : end, calls);
                end = end == null ? null : last;
            }
        }
        return end;
    }

    private State call(Step step, State before, List<Step> calls) {
        Step callee = set.callee(step).orElse(null);
        if (callee == null || calls.contains(callee) || calls.size() > DEEPEST) {
            // Another rule reports it, or the service does at run time.
            return before.with(Set.of(StepEffect.LOCATION, StepEffect.FILE));
        }
        boolean reads = callee.endpoint().path().startsWith("read-");
        State in = reads ? need(step, StepEffect.LOCATION, before) : before;
        if (set.frame().contains(callee)) {
            return in.with(Set.of(StepEffect.FILE));
        }
        List<Object> key = List.of(callee, in.held());
        if (!results.containsKey(key)) {
            State out = steps(callee.children(), in, Stream.concat(calls.stream(), Stream.of(callee)).toList());
            results.put(key, clause == null && (reads || callee.endpoint().path().startsWith("storage-"))
                    ? opens(callee, out) : out);
        }
        return results.get(key);
    }

    private State leaf(Step step, State in, List<Step> calls) {
        StepEffect effect = StepEffect.of(step);
        boolean responds = step.bean().text().equals(StepEffect.RESPOND);
        if (clause == null && responds) {
            findings.error("R102", step, "makes the response, which is up to the frame and to clauses",
                    "remove it; to refuse a request use throwException, and a clause makes the response");
        } else if (responds) {
            OUTCOME_OF_A_CLAUSE.stream().filter(header -> !in.has(header)).forEach(header ->
                    findings.error("R213", clause, "does not set header " + header + " before respond",
                            "a clause sets resultCode, resultDesc and CamelHttpResponseCode"));
        }
        if (clause == null && effect.leaves().contains(StepEffect.OUTCOME)) {
            findings.error("R205", step, "sets resultCode, which the frame sets for a file and a clause for a failure",
                    "remove it; to refuse a request use throwException, and its clause sets the code");
        }
        State state = in;
        for (String fact : effect.needs()) {
            state = need(step, fact, state);
        }
        if (step.endpoint().isPresent() && !calls.isEmpty() && calls.get(calls.size() - 1).allSteps()
                .anyMatch(one -> one.bean().text().equals(StepEffect.TAKE_STREAM))) {
            state = need(step, StepEffect.LOCATION, state);
        }
        return state.without(effect.takes(), step).with(effect.leaves());
    }

    private State need(Step step, String fact, State in) {
        // Of the outcome, R213 says more.
        if (in.has(fact) || clause != null && fact.equals(StepEffect.OUTCOME)) {
            return in;
        }
        Step lost = in.facts().get(fact);
        if (clause != null) {
            Step own = clause.allSteps().filter(one -> one == step || one.isCall()
                    && set.reached(Stream.of(one)).contains(step)).findFirst().orElse(clause);
            findings.error("R102", own, (own == step ? "needs " : "calls a route that needs ") + fact
                    + ", which only the request flow has",
                    "remove it: a clause makes the response to a failure, also of a request without a customer");
            return in.with(Set.of(fact));
        }
        String leavers = StepEffect.leavers(fact);
        String need = "needs " + fact + ", which " + leavers + " leaves; ";
        if (lost != null && BRANCHES.contains(lost.name())) {
            findings.error("R102", step, lost.place(), need + lost.label() + " does not"
                    + (lost.name().equals("choice") ? " if none of its branches applies" : ""),
                    "leave it there too, or fail with throwException");
        } else {
            findings.error("R102", step, need + (lost == null ? "nothing before it does" : lost.label()
                    + " has taken it"), "put " + leavers + " before it, on every path");
        }
        return in.with(Set.of(fact));
    }

    /** Nothing takes the file from the client, or changes the response. */
    private void body(Step step, State state) {
        if (state.has(StepEffect.RESPONSE)) {
            response(step);
        } else if (clause == null && state.has(StepEffect.FILE)) {
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
