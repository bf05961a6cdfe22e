package org.ccmessaging.filestream.routes.check.rules;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.ccmessaging.filestream.routes.check.Expression;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.ccmessaging.filestream.toolkit.Steps;

/**
 * Follows a request from its entry, or a failure from its clause, through {@code direct:} and all branches. Compares
 * what each step needs with what is there on every path to it ({@link Effect}).
 *
 * <p>A route is walked once for each set of facts with which it is called. So routes that call each other often take no
 * longer than others. The service refuses at run time what this check does not see.
 */
final class Flow {

    /** The service ends a request at a depth of 32. */
    private static final int DEEPEST = 40;

    /** What may be there when a clause begins. */
    private static final Set<String> BEFORE_A_CLAUSE = Set.of("customer", "app", "text", "permit", "request",
            "checked request", "branch", "objectKey", Effect.LOCATION);

    private static final Map<String, String> OUTCOME_OF_A_CLAUSE = Map.of(Effect.OUTCOME, Headers.RESULT_CODE,
            Headers.RESULT_DESC, Headers.RESULT_DESC, Exchange.HTTP_RESPONSE_CODE, Exchange.HTTP_RESPONSE_CODE);

    private static final Set<String> BRANCHES = Set.of("choice", "when", "otherwise");

    /**
     * What is true at a point, on every path to it.
     *
     * @param facts what is true
     * @param lost what is not, with the step that took it, or the branch that does not leave it
     */
    private record State(Set<String> facts, Map<String, Step> lost) {

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

        /** What holds behind all branches; {@code null} if none of them ends. */
        static State behind(Map<Step, State> branches) {
            Map<Step, State> ended = new LinkedHashMap<>(branches);
            ended.values().removeIf(state -> state == null);
            if (ended.isEmpty()) {
                return null;
            }
            Set<String> all = ended.values().stream().flatMap(state -> state.facts.stream())
                    .collect(Collectors.toSet());
            Set<String> each = new HashSet<>(all);
            Map<String, Step> lost = new HashMap<>();
            ended.forEach((branch, state) -> {
                each.retainAll(state.facts);
                state.lost.forEach(lost::putIfAbsent);
                all.stream().filter(fact -> !state.has(fact)).forEach(fact -> lost.putIfAbsent(fact, branch));
            });
            return new State(each, lost);
        }
    }

    /**
     * A route that is being walked.
     *
     * @param route the route; {@code null} for a clause
     * @param unmet facts that the caller must have left
     * @param from the call of the route that calls it; {@code null} if nothing does
     */
    private record Call(Route route, Set<String> unmet, Call from) {

        boolean isIn(Route other) {
            return other.equals(route) || from != null && from.isIn(other);
        }

        int depth() {
            return from == null ? 1 : from.depth() + 1;
        }

        boolean isAbout(String prefix) {
            return route != null && route.uri().path().startsWith(prefix);
        }
    }

    /** What a call of a route with some facts leads to; the state is {@code null} if it never returns. */
    private record Outcome(State state, Set<String> unmet) {
    }

    private final RouteSet set;
    private final Calls calls;
    private final Findings findings;
    private final Step clause;
    private final Set<String> assumed;
    private final Set<String> beans;
    private final boolean download;
    private final Map<List<Object>, Outcome> known = new HashMap<>();

    private Flow(RouteSet set, Calls calls, Step clause, List<Step> steps, Set<String> assumed, Findings findings) {
        this.set = set;
        this.calls = calls;
        this.findings = findings;
        this.clause = clause;
        this.assumed = assumed;
        this.beans = steps.stream().map(step -> step.bean().text()).collect(Collectors.toSet());
        this.download = steps.stream().anyMatch(step -> Effect.opens(step) || Effect.encodes(step));
    }

    /** @param assumed facts whose absence another finding has reported */
    static void ofEntry(RouteSet set, Calls calls, Route entry, Set<String> assumed, Findings findings) {
        List<Step> steps = calls.steps(entry).filter(step -> !step.isDisabled()).toList();
        new Flow(set, calls, null, steps, assumed, findings)
                .walk(entry.steps(), new Call(entry, new HashSet<>(), null));
    }

    static void ofClause(RouteSet set, Calls calls, Step clause, Findings findings) {
        new Flow(set, calls, clause, List.of(), BEFORE_A_CLAUSE, findings)
                .walk(clause.children(), new Call(null, new HashSet<>(), null));
    }

    private void walk(List<Step> steps, Call call) {
        State end = steps(steps, new State(assumed, Map.of()), call);
        if (end != null && !end.has(Effect.RESPONSE)) {
            Step last = steps.stream().filter(step -> !step.isDisabled() && clause == null)
                    .reduce(clause, (one, next) -> next);
            unanswered(end.lost().getOrDefault(Effect.RESPONSE, last), call);
        }
    }

    private void unanswered(Step last, Call call) {
        findings.error("R102", last == null ? call.route().uri().place() : last.place(), "a request ends at "
                + (last == null ? call.route().label() : last.label()) + " without respond, so the client gets no made"
                + " response", "end it with a step respond");
    }

    private State steps(List<Step> steps, State in, Call call) {
        State state = in;
        for (Step step : steps) {
            state = state == null || step.isDisabled() ? state : step(step, state, call);
        }
        return state;
    }

    private State step(Step step, State in, Call call) {
        body(step, in);
        return switch (step.name()) {
            case "choice" -> choice(step, in, call);
            case "doTry" -> doTry(step, in, call);
            case "filter" -> {
                State inside = steps(step.children(), in, call);
                yield inside == null ? in : new State(both(in, inside), in.lost());
            }
            case "circuitBreaker" -> {
                step.branches().forEach(branch -> branch(branch, in, call));
                yield steps(step.children(), in, call);
            }
            case "throwException" -> null;
            case "stop" -> {
                if (!in.has(Effect.RESPONSE)) {
                    unanswered(step, call);
                }
                yield null;
            }
            default -> steps(step.children(), Calls.isCall(step) ? call(step, in, call) : leaf(step, in, call), call);
        };
    }

    private static Set<String> both(State one, State other) {
        return one.facts().stream().filter(other::has).collect(Collectors.toSet());
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
        return State.behind(out);
    }

    private State doTry(Step doTry, State in, Call call) {
        State tried = steps(doTry.children(), in, call);
        // Any of its steps can have failed, so that only what was there before is there for sure.
        State failed = tried == null ? in : new State(both(in, tried), in.lost());
        Map<Step, State> out = new LinkedHashMap<>();
        out.put(doTry, tried);
        doTry.branches().stream().filter(branch -> branch.name().equals("doCatch"))
                .forEach(branch -> out.put(branch, branch(branch, failed, call)));
        State end = State.behind(out);
        for (Step branch : doTry.branches()) {
            if (branch.name().equals("doFinally") && !branch.isDisabled()) {
                State last = branch(branch, end == null ? failed : end, call);
                end = end == null ? null : last;
            }
        }
        return end;
    }

    private State call(Step step, State in, Call call) {
        Route callee = calls.callee(step).orElse(null);
        if (callee == null || call.isIn(callee) || call.depth() > DEEPEST) {
            // Another rule reports it, or the service does when it runs.
            return in.with(Set.of(Effect.LOCATION, Effect.FILE));
        }
        List<Object> key = List.of(calls.target(callee.uri()), in.facts());
        Outcome outcome = known.get(key);
        if (outcome == null) {
            Call inner = new Call(callee, new LinkedHashSet<>(), call);
            State out = steps(callee.steps(), in, inner);
            boolean promised = clause == null && (inner.isAbout("read-") || inner.isAbout("storage-"));
            if (out != null && promised && !out.has(Effect.FILE)) {
                findings.error("R102", callee.uri().place(), callee.label() + " can end without an opened file",
                        "end each path with " + (inner.isAbout("read-") ? "open-file or take-object"
                        : "a call of a route read-…") + ", or with throwException");
                out = out.with(Set.of(Effect.FILE));
            }
            outcome = new Outcome(out, inner.unmet());
            known.put(key, outcome);
        }
        outcome.unmet().forEach(fact -> need(step, fact, in, call));
        return outcome.state();
    }

    private State leaf(Step step, State in, Call call) {
        Effect effect = Effect.of(set, step);
        boolean responds = step.bean().text().equals(Steps.RESPOND) && !in.has(Effect.RESPONSE);
        State state = codes(step, effect, in, responds);
        if (clause != null && responds) {
            OUTCOME_OF_A_CLAUSE.forEach((fact, header) -> {
                if (!in.has(fact)) {
                    findings.error("R213", clause.place(), clause.label() + " does not set header " + header
                            + " before respond", "a clause sets resultCode, resultDesc and CamelHttpResponseCode");
                }
            });
        }
        for (String fact : effect.needs()) {
            state = need(step, fact, state, call);
        }
        if (readsAStream(step, call)) {
            state = need(step, Effect.LOCATION, state, call);
        }
        return step.bean().text().equals(Steps.RAISE_FAILURE) ? null
                : state.without(effect.takes(), step).with(effect.leaves());
    }

    /** Whether the step reads what {@code take-stream} of its route then takes. */
    private static boolean readsAStream(Step step, Call call) {
        return step.name().equals("to") && !step.endpoint().scheme().equals("aws2-s3") && call.route() != null
                && call.route().allSteps().anyMatch(one -> one.bean().text().equals(Steps.TAKE_STREAM));
    }

    private State need(Step step, String fact, State in, Call call) {
        if (in.has(fact) || clause != null) {
            return in;
        }
        Step lost = in.lost().get(fact);
        String leavers = Effect.leavers(fact);
        if (fact.equals(Effect.LOCATION) && call.isAbout("read-") && call.route().allSteps()
                .noneMatch(one -> !one.isDisabled() && Effect.of(set, one).leaves().contains(fact))) {
            call.unmet().add(fact);
        } else if (lost != null && BRANCHES.contains(lost.name())) {
            findings.error("R102", lost.place(), step.label() + " needs " + fact + ", which " + leavers + " leaves; "
                    + lost.label() + " does not" + (lost.name().equals("choice") ? " if none of its branches applies"
                    : ""), "leave it there too, or fail with throwException");
        } else {
            findings.error("R102", fact.equals(Effect.OBJECT_REQUEST) ? step.placeOf("variableSend") : step.place(),
                    step.label() + " needs " + fact + ", which " + leavers + " leaves; " + (lost == null
                    ? "nothing before it does" : lost.label() + " has taken it"),
                    "put " + leavers + " before it, on every path");
        }
        return in.with(Set.of(fact));
    }

    /** Nothing takes the file from the client, and nothing changes the response. */
    private void body(Step step, State state) {
        if (state.has(Effect.RESPONSE)) {
            RouteStep bean = Effect.BEANS.get(step.bean().text());
            Bodies.response(step, bean != null && bean.place() == RouteStep.Place.LAST, findings);
        } else if (clause == null && !state.has(Effect.FAILURE) && !assumed.contains(Effect.FIRST_CHUNK)
                && Stream.of(Effect.FILE, Effect.FIRST_CHUNK, Effect.ENCODED).anyMatch(state::has)) {
            Bodies.file(step, findings);
        }
    }

    /** The code of a response is 0 for a file, and for nothing else. */
    private State codes(Step step, Effect effect, State in, boolean responds) {
        boolean success = effect.leaves().contains(Effect.SUCCESS);
        if (success && clause != null) {
            findings.error("R205", code(step), clause.label() + " gives a failure the code of success",
                    "use the code of the failure, such as 13");
        } else if (success && download && !in.has(Effect.FIRST_CHUNK)) {
            boolean early = beans.contains(Steps.READ_FIRST_CHUNK);
            findings.error(early ? "R205" : "R102", early ? code(step) : step.place(), step.label() + " says success,"
                    + " which needs first chunk; " + (early ? "read-first-chunk leaves it later" : "no step leaves it"),
                    "put it behind read-first-chunk");
        } else if (download && !success && effect.takes().contains(Effect.SUCCESS) && (effect.takes().size() > 1
                || step.ancestors().findAny().isEmpty() && in.has(Effect.FIRST_CHUNK))) {
            findings.error("R205", code(step), step.label() + " sets another code for a file that is sent",
                    "set resultCode to constant 0");
        } else if (clause == null && responds && in.has(Effect.SUCCESS) && !in.has(Effect.ENCODED)) {
            findings.error("R102", step.place(), step.label() + " needs encoded file, which encode-stream or marshal"
                    + " base64 leaves; nothing before it does", "put one of them before it, on every path");
        }
        return success ? in.with(Set.of(Effect.FIRST_CHUNK)) : in;
    }

    /** The place of the code that a step sets. */
    private static Place code(Step step) {
        return step.assignments().stream().filter(one -> one.name().text().equals(Headers.RESULT_CODE)).findFirst()
                .flatMap(one -> one.expression()).map(Expression::place).orElse(step.place());
    }
}
