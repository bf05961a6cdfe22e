package org.ccmessaging.filestream.routes.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.toolkit.Steps;
import org.ccmessaging.filestream.toolkit.Variables;

/**
 * The steps that each request of an operation runs (R101). They are directly below the entry, or in a route that it
 * calls there. Their order follows from what each needs ({@link DataFlow}).
 *
 * @param all the steps that a request can run, and disabled ones
 * @param always the steps that every request runs
 */
record RequiredSteps(RouteSet set, Route entry, Findings findings, List<Step> all, List<Step> always) {

    /** The step that parses the request into variable request. Others are named by their beans. */
    private static final String PARSE = "parseRequest";

    private static final List<String> DOWNLOAD = List.of(Steps.RECORD_DOWNLOAD, Steps.AUTHENTICATE, Steps.READ_BODY,
            Steps.ADMIT, PARSE, Steps.CHECK_REQUEST);
    private static final List<String> REFUSAL = List.of(Steps.RECORD_DOWNLOAD, Steps.AUTHENTICATE);
    private static final List<String> ACCESS_TOKEN = List.of(Steps.ISSUE_ACCESS_TOKEN);
    private static final List<String> SESSION_TOKEN = List.of(Steps.READ_BODY, PARSE, Steps.ISSUE_SESSION_TOKEN);
    private static final Map<String, List<String>> OF_TARGETS = Map.of(RouteRules.TOKEN_BY_AK_SK, ACCESS_TOKEN,
            RouteRules.APPLY_TOKEN, SESSION_TOKEN, RouteRules.FAILURE_OUTCOME, List.of(Steps.RAISE_FAILURE));

    /** Steps that not every operation has. Where one is, every request runs it. */
    private static final List<String> IF_ANY = List.of(Steps.AUTHENTICATE_APP, Steps.READ_FIRST_CHUNK);

    /** The facts that the steps of a download leave. */
    static final Set<String> FACTS = facts(DOWNLOAD.stream());

    /** Holds in operations without {@code authenticate}. */
    static final String ANYBODY = "anybody may run the steps";

    /** Returns the facts of the reported steps, and those that the operation does without, for no further finding. */
    static Set<String> check(RouteSet set, Route entry, Findings findings) {
        List<Step> always = new ArrayList<>(entry.steps());
        Set<Route> called = new HashSet<>(Set.of(entry));
        for (int i = 0; i < always.size(); i++) {
            Step step = always.get(i);
            always.addAll(step.name().equals("step") && !step.isDisabled() ? step.children()
                    : set.callee(step).filter(called::add).map(Route::steps).orElse(List.of()));
        }
        always.removeIf(Step::isDisabled);
        return new RequiredSteps(set, entry, findings, set.reached(entry.steps().stream()), always).check();
    }

    private Set<String> check() {
        List<String> required = required();
        List<String> absent = Stream.concat(required.stream(), IF_ANY.stream()).filter(one -> !isIn(always, one))
                .filter(one -> isIn(all, one) || required.contains(one) && !one.equals(Steps.RECORD_DOWNLOAD)).toList();
        absent.forEach(this::absent);
        Set<String> assumed = facts(absent.stream());
        if (!required.contains(Steps.AUTHENTICATE)) {
            assumed.addAll(List.of(ANYBODY, "log line"));
        }
        return assumed;
    }

    private static Set<String> facts(Stream<String> steps) {
        return steps.flatMap(step -> step.equals(PARSE) ? Stream.of(Variables.REQUEST)
                : Stream.of(StepEffect.BEANS.get(step).leaves())).collect(Collectors.toSet());
    }

    private List<String> required() {
        if (entry.isEntry() && all.stream().anyMatch(StepEffect::opens)) {
            return DOWNLOAD;
        }
        return OF_TARGETS.getOrDefault(set.target(entry.uri()), isIn(all, Steps.ISSUE_ACCESS_TOKEN) ? ACCESS_TOKEN
                : isIn(all, Steps.ISSUE_SESSION_TOKEN) ? SESSION_TOKEN : REFUSAL);
    }

    private static boolean isIn(List<Step> steps, String required) {
        return steps.stream().anyMatch(step -> is(step, required));
    }

    private static boolean is(Step step, String required) {
        return required.equals(PARSE) ? StepEffect.parses(step) : step.bean().text().equals(required);
    }

    private void absent(String required) {
        Step found = all.stream().filter(step -> is(step, required)).findFirst().orElse(null);
        if (found == null) {
            findings.error("R101", entry.uri().place(), "no step " + StepEffect.id(required) + " on the path from "
                    + entry.uri().target(), "add it");
            return;
        }
        boolean disabled = Stream.concat(Stream.of(found), found.ancestors()).anyMatch(Step::isDisabled);
        findings.error("R101", found, (disabled ? "is disabled" : "runs for some requests only") + ", but "
                + StepEffect.id(required) + " must run for every request",
                disabled ? "remove \"disabled\"" : "put it directly below the route");
    }
}
