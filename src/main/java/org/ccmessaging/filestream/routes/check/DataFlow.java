package org.ccmessaging.filestream.routes.check;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.ccmessaging.filestream.routes.check.Step.Assignment;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.ccmessaging.filestream.toolkit.Steps;

/**
 * Data-flow analysis of a request from its entry, or of a failure from its clause, through {@code direct:} and all
 * branches. Compares the facts that each step needs with those that hold on every path to it ({@link StepEffect}).
 *
 * <p>A route is analysed once for each set of facts with which it is called, so routes that call each other often cost
 * no more than others. The service refuses at run time what this analysis does not see.
 *
 * @param clause the clause that is analysed; {@code null} for an entry
 * @param all the enabled steps that a request to the entry can run; none for a clause
 * @param assumed the facts before the first step
 * @param results the state after a call by route and facts; {@code null} if the route never returns
 */
record DataFlow(RouteSet set, Step clause, List<Step> all, Set<String> assumed, Map<List<Object>, State> results,
        Findings findings) {

    /** The service aborts a request at 32 nested routes. */
    private static final int DEEPEST = 40;

    /** The headers that a clause sets, by the fact that the header leaves. */
    private static final Map<String, String> OUTCOME_OF_A_CLAUSE = Map.of(StepEffect.OUTCOME, Headers.RESULT_CODE,
            Headers.RESULT_DESC, Headers.RESULT_DESC, Exchange.HTTP_RESPONSE_CODE, Exchange.HTTP_RESPONSE_CODE);

    /** Facts between the steps of a read, which one route has. */
    private static final List<String> OF_A_READ = List.of(StepEffect.OBJECT_REQUEST, StepEffect.S3_RESPONSE);

    private static final Set<String> BRANCHES = Set.of("choice", "when", "otherwise");

    /**
     * The facts at a point of the flow.
     *
     * @param facts those that hold on every path to it
     * @param lost those that do not, with the step that took the fact, or the branch that does not leave it
     */
    record State(Set<String> facts, Map<String, Step> lost) {

        boolean has(String fact) {
            return facts.contains(fact);
        }

        State with(Collection<String> more) {
            Set<String> all = new HashSet<>(facts);
            all.addAll(more);
            return new State(all, lost);
        }

        State without(Collection<String> less, Step by) {
            Set<String> rest = new HashSet<>(facts);
            Map<String, Step> lostNow = new HashMap<>(lost);
            less.stream().filter(rest::remove).forEach(fact -> lostNow.put(fact, by));
            return new State(rest, lostNow);
        }

        /** Keeps the facts that also hold in a state of the same path; {@code null} if the path ends before it. */
        State and(State other) {
            return other == null ? this
                    : new State(facts.stream().filter(other::has).collect(Collectors.toSet()), lost);
        }

        /** Joins the states after branches; {@code null} if no branch continues. */
        static State join(Map<Step, State> branches) {
            branches.values().removeIf(Objects::isNull);
            if (branches.isEmpty()) {
                return null;
            }
            Set<String> all = branches.values().stream().flatMap(state -> state.facts.stream())
                    .collect(Collectors.toSet());
            Set<String> each = new HashSet<>(all);
            Map<String, Step> lost = new HashMap<>();
            branches.forEach((branch, state) -> {
                each.retainAll(state.facts);
                state.lost.forEach(lost::putIfAbsent);
                all.stream().filter(fact -> !state.has(fact)).forEach(fact -> lost.putIfAbsent(fact, branch));
            });
            return new State(each, lost);
        }
    }

    /** A route that is being analysed, {@code null} for a clause, and the call of the route that calls it, if any. */
    private record Call(Route route, Call from) {

        boolean isIn(Route other) {
            return other.equals(route) || from != null && from.isIn(other);
        }

        int depth() {
            return from == null ? 1 : from.depth() + 1;
        }
    }

    /** @param assumed facts that other findings have reported as missing, and those that the operation does without */
    static void ofEntry(RouteSet set, Route entry, Set<String> assumed, Findings findings) {
        List<Step> all = set.reached(entry.steps().stream()).stream().filter(step -> !step.isDisabled()).toList();
        new DataFlow(set, null, all, assumed, new HashMap<>(), findings).analyse(entry.steps(), new Call(entry, null));
    }

    static void ofClause(RouteSet set, Step clause, Findings findings) {
        new DataFlow(set, clause, List.of(), Set.of(), new HashMap<>(), findings)
                .analyse(clause.children(), new Call(null, null));
    }

    private boolean isDownload() {
        return all.stream().anyMatch(step -> StepEffect.opens(step) || StepEffect.encodes(step));
    }

    private void analyse(List<Step> steps, Call call) {
        State end = steps(steps, new State(assumed, Map.of()), call);
        if (end != null && !end.has(StepEffect.RESPONSE)) {
            Step last = end.lost().getOrDefault(StepEffect.RESPONSE, steps.stream()
                    .filter(step -> !step.isDisabled() && clause == null).reduce(clause, (one, next) -> next));
            unanswered(last == null ? call.route() : last);
        }
    }

    private void unanswered(Finding.Subject last) {
        findings.error("R102", last, "ends a request without respond, so the client gets no proper response",
                "end it with a step respond");
    }

    private State steps(List<Step> steps, State in, Call call) {
        State state = in;
        for (Step step : steps) {
            state = state == null || step.isDisabled() ? state : step(step, state, call);
        }
        return state;
    }

    private State step(Step step, State before, Call call) {
        State in = behindAuthenticate(step) ? need(step, "customer", before) : before;
        body(step, in);
        return switch (step.name()) {
            case "choice" -> choice(step, in, call);
            case "doTry" -> doTry(step, in, call);
            case "filter" -> in.and(steps(step.children(), in, call));
            case "circuitBreaker" -> {
                step.branches().forEach(branch -> branch(branch, in, call));
                yield steps(step.children(), in, call);
            }
            case "throwException" -> null;
            case "stop" -> {
                if (!in.has(StepEffect.RESPONSE)) {
                    unanswered(step);
                }
                yield null;
            }
            default -> steps(step.children(), step.isCall() ? call(step, in, call) : leaf(step, in, call), call);
        };
    }

    /** Returns whether the step may run only for a customer whom authenticate has verified. */
    private boolean behindAuthenticate(Step step) {
        return !assumed.contains(RequiredSteps.ANYBODY) && !step.isCall() && !step.name().equals("step")
                && !step.bean().text().equals(Steps.AUTHENTICATE) && !StepEffect.isBean(step, RouteStep.Place.FIRST);
    }

    private State branch(Step branch, State in, Call call) {
        body(branch, in);
        return branch.isDisabled() ? null : steps(branch.children(), in, call);
    }

    private State choice(Step choice, State in, Call call) {
        Map<Step, State> out = new LinkedHashMap<>();
        choice.branches().forEach(branch -> out.put(branch, branch(branch, in, call)));
        if (choice.branches().stream().noneMatch(branch -> branch.name().equals("otherwise") && !branch.isDisabled())) {
            out.put(choice, in);
        }
        return State.join(out);
    }

    private State doTry(Step doTry, State in, Call call) {
        State tried = steps(doTry.children(), in, call);
        // Any of its steps can have failed, so only what held before is certain.
        State failed = in.and(tried);
        Map<Step, State> out = new LinkedHashMap<>();
        out.put(doTry, tried);
        doTry.branches().stream().filter(branch -> branch.name().equals("doCatch"))
                .forEach(branch -> out.put(branch, branch(branch, failed, call)));
        State end = State.join(out);
        for (Step branch : doTry.branches()) {
            if (branch.name().equals("doFinally") && !branch.isDisabled()) {
                State last = branch(branch, end == null ? failed : end, call);
                end = end == null ? null : last;
            }
        }
        return end;
    }

    private State call(Step step, State before, Call call) {
        Route callee = set.callee(step).orElse(null);
        if (callee == null || call.isIn(callee) || call.depth() > DEEPEST) {
            // Another rule reports it, or the service does at run time.
            return before.with(Set.of(StepEffect.LOCATION, StepEffect.FILE));
        }
        boolean reads = callee.uri().path().startsWith("read-");
        State in = reads && needsLocation(callee) ? need(step, StepEffect.LOCATION, before) : before;
        List<Object> key = List.of(callee, in.facts());
        if (!results.containsKey(key)) {
            State out = steps(callee.steps(), in, new Call(callee, call));
            out = out == null ? null : out.without(OF_A_READ, step);
            if (out != null && clause == null && (reads || callee.uri().path().startsWith("storage-"))
                    && !out.has(StepEffect.FILE)) {
                findings.error("R102", callee, callee.uri().place(), "can end without an opened file",
                        "end each path with " + (reads ? "open-file or take-object" : "a call of a route read-…")
                        + ", or with throwException");
                out = out.with(Set.of(StepEffect.FILE));
            }
            results.put(key, out);
        }
        return results.get(key);
    }

    /** Returns whether callers of a route must have left the location. */
    private boolean needsLocation(Route route) {
        List<Step> steps = route.allSteps().filter(step -> !step.isDisabled()).toList();
        List<StepEffect> effects = steps.stream().map(step -> StepEffect.of(set, step)).toList();
        return effects.stream().noneMatch(effect -> effect.leaves().contains(StepEffect.LOCATION))
                && (effects.stream().anyMatch(effect -> effect.needs().contains(StepEffect.LOCATION))
                || steps.stream().anyMatch(step -> readsAStream(step, route)));
    }

    private State leaf(Step step, State in, Call call) {
        StepEffect effect = StepEffect.of(set, step);
        boolean responds = step.bean().text().equals(Steps.RESPOND) && !in.has(StepEffect.RESPONSE);
        State state = codes(step, effect, in, responds);
        if (clause != null && responds) {
            OUTCOME_OF_A_CLAUSE.forEach((fact, header) -> {
                if (!in.has(fact)) {
                    findings.error("R213", clause, "does not set header " + header + " before respond",
                            "a clause sets resultCode, resultDesc and CamelHttpResponseCode");
                }
            });
        }
        for (String fact : effect.needs()) {
            state = need(step, fact, state);
        }
        if (call.route() != null && readsAStream(step, call.route())) {
            state = need(step, StepEffect.LOCATION, state);
        }
        return step.bean().text().equals(Steps.RAISE_FAILURE) ? null
                : state.without(effect.takes(), step).with(effect.leaves());
    }

    /** Returns whether {@code take-stream} of the route takes the response to the step. */
    private static boolean readsAStream(Step step, Route route) {
        return step.name().equals("to") && !step.isCall() && !step.endpoint().scheme().equals("aws2-s3")
                && route.allSteps().anyMatch(one -> one.bean().text().equals(Steps.TAKE_STREAM));
    }

    private State need(Step step, String fact, State in) {
        if (in.has(fact) || clause != null) {
            return in;
        }
        Step lost = in.lost().get(fact);
        String leavers = StepEffect.leavers(fact);
        String need = "needs " + fact + ", which " + leavers + " leaves; ";
        String code = RequiredSteps.FACTS.contains(fact) ? "R101" : "R102";
        // One step of the entry leaves these facts, so it is that step which stands in the wrong place.
        Step late = all.stream().filter(one -> lost == null
                && (StepEffect.TO_OPEN.contains(fact) || fact.equals(StepEffect.FIRST_CHUNK))
                && StepEffect.of(set, one).leaves().contains(fact)).findFirst().orElse(null);
        if (late != null) {
            findings.error("R101", late, "runs too late: " + step.label() + " needs " + fact,
                    "move it before that step");
        } else if (lost != null && BRANCHES.contains(lost.name())) {
            findings.error(code, step, lost.place(), need + lost.label() + " does not"
                    + (lost.name().equals("choice") ? " if none of its branches applies" : ""),
                    "leave it there too, or fail with throwException");
        } else {
            findings.error(code, step, fact.equals(StepEffect.OBJECT_REQUEST) ? step.placeOf("variableSend")
                    : step.place(), need + (lost == null ? "nothing before it does" : lost.label() + " has taken it"),
                    "put " + leavers + " before it, on every path");
        }
        return in.with(Set.of(fact));
    }

    /** Nothing changes what is read, takes the file from the client, or changes the response. */
    private void body(Step step, State state) {
        if (OF_A_READ.stream().anyMatch(state::has)
                && !step.name().startsWith("removeHeader") && (step.isCall() || !set.opens(step))) {
            findings.error("R101", step, "stands between request-object and take-object, where it could change what is"
                    + " read", "move it before request-object or after take-object");
        } else if (state.has(StepEffect.RESPONSE)) {
            response(step);
        } else if (clause == null && !state.has(StepEffect.FAILURE) && !assumed.contains(StepEffect.FIRST_CHUNK)
                && Stream.of(StepEffect.FILE, StepEffect.FIRST_CHUNK, StepEffect.ENCODED).anyMatch(state::has)) {
            StepEffect.touchesBody(step).ifPresent(place -> findings.error("R209", step, place, "takes or reads the"
                    + " file, which can be read once, before the client gets it", "move it before the step that opens"
                    + " the file, give it variableSend and variableReceive, or read a variable or a header instead"));
        }
    }

    private void response(Step step) {
        Optional<Place> header = step.name().startsWith("removeHeader") ? Optional.of(step.place())
                : step.assignments().stream().filter(Assignment::isHeader).map(Assignment::name)
                        .filter(name -> StepEffect.OUTCOME_HEADERS.contains(name.text())).map(Value::place).findFirst();
        if (StepEffect.isBean(step, RouteStep.Place.LAST)) {
            findings.error("R209", step, "makes a second response on the same path",
                    "keep one respond, as the last step");
        } else if (header.isPresent() || StepEffect.touchesBody(step).isPresent()) {
            findings.error("R209", step, header.orElse(step.place()), "changes or reads the response after respond",
                    "move it before respond");
        }
    }

    /** The code of a response is 0 for a file, and for nothing else. */
    private State codes(Step step, StepEffect effect, State in, boolean responds) {
        boolean success = effect.leaves().contains(StepEffect.SUCCESS);
        if (success && clause != null) {
            findings.error("R205", clause, code(step), "gives a failure the code of success",
                    "use the code of the failure, such as 13");
        } else if (success && isDownload() && in.has(StepEffect.FILE)) {
            return need(step, StepEffect.FIRST_CHUNK, in);
        } else if (success && isDownload() && !in.has(StepEffect.FIRST_CHUNK)) {
            findings.error("R205", step, code(step), "sets the code of success before a file is open",
                    "put it after read-first-chunk");
        } else if (isDownload() && !success && effect.takes().contains(StepEffect.SUCCESS) && (effect.takes().size() > 1
                || step.ancestors().findAny().isEmpty() && in.has(StepEffect.FIRST_CHUNK))) {
            findings.error("R205", step, code(step), "sets another code for a file that is sent",
                    "set resultCode to constant 0");
        } else if (clause == null && responds && in.has(StepEffect.SUCCESS) && !in.has(StepEffect.ENCODED)) {
            findings.error("R102", step, "needs encoded file, which encode-stream or marshal base64 leaves; nothing"
                    + " before it does", "put one of them before it, on every path");
        }
        return in;
    }

    /** The place of the code that a step sets. */
    private static Place code(Step step) {
        return step.assignments().stream().filter(one -> one.name().text().equals(Headers.RESULT_CODE)).findFirst()
                .flatMap(one -> one.expression()).map(Expression::place).orElse(step.place());
    }
}
