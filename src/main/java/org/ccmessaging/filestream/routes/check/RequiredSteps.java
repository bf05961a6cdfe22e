package org.ccmessaging.filestream.routes.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.ccmessaging.filestream.toolkit.Steps;

/**
 * The steps that each request of an operation runs (R101). They are directly below the entry, or in a route that it
 * calls there, in the order of a list. Other steps may stand between them.
 */
final class RequiredSteps {

    /** A required step: its usual id, the test for it, and the facts that it needs and leaves. */
    private record Required(String name, Predicate<Step> is, List<String> facts) {

        private static Required bean(String name, String bean) {
            RouteStep step = StepEffect.BEANS.get(bean);
            return new Required(name, one -> one.bean().text().equals(bean),
                    Stream.of(step.needs(), step.leaves()).flatMap(Stream::of).toList());
        }
    }

    private static final Required RECORD = Required.bean("record-download", Steps.RECORD_DOWNLOAD);
    private static final Required AUTHENTICATE = Required.bean("authenticate", Steps.AUTHENTICATE);
    private static final Required READ_BODY = Required.bean("read-body", Steps.READ_BODY);
    private static final Required PARSE = new Required("parse-request (unmarshal to variable request)",
            StepEffect::parses, List.of("request"));
    private static final Required CHUNK = Required.bean("read-first-chunk", Steps.READ_FIRST_CHUNK);
    private static final Required APP = Required.bean("authenticate-app", Steps.AUTHENTICATE_APP);

    private static final List<Required> DOWNLOAD = List.of(RECORD, AUTHENTICATE, READ_BODY,
            Required.bean("admit", Steps.ADMIT), PARSE, Required.bean("check-request", Steps.CHECK_REQUEST));
    private static final List<Required> REFUSAL = List.of(RECORD, AUTHENTICATE);
    private static final List<Required> ACCESS_TOKEN =
            List.of(Required.bean("issue-access-token", Steps.ISSUE_ACCESS_TOKEN));
    private static final List<Required> SESSION_TOKEN =
            List.of(READ_BODY, PARSE, Required.bean("issue-session-token", Steps.ISSUE_SESSION_TOKEN));

    private static final Map<String, List<Required>> OF_TARGETS = Map.of(
            "platform-http:" + EntryRules.TOKEN_BY_AK_SK, ACCESS_TOKEN,
            "platform-http:" + EntryRules.APPLY_TOKEN, SESSION_TOKEN,
            EntryRules.FAILURE_OUTCOME, List.of(Required.bean("raise-failure", Steps.RAISE_FAILURE)));

    /** A request calls fewer routes: the service allows 32 nested ones. */
    private static final int MOST_ROUTES = 100;

    private final RouteSet set;
    private final Route entry;
    private final Findings findings;

    /** All steps that a request can run. */
    private final List<Step> all;

    /** The steps that every request runs, in order. */
    private final List<Step> always = new ArrayList<>();

    private final Set<Required> reported = new HashSet<>();

    RequiredSteps(RouteSet set, Route entry, Findings findings) {
        this.set = set;
        this.entry = entry;
        this.findings = findings;
        this.all = set.stepsFrom(entry);
        flatten(entry.steps(), new HashSet<>(Set.of(entry)));
    }

    /** Adds the steps of a called route after the first step that calls it. */
    private void flatten(List<Step> steps, Set<Route> in) {
        steps.stream().filter(step -> !step.isDisabled()).forEach(step -> {
            if (step.name().equals("step")) {
                flatten(step.children(), in);
            } else {
                always.add(step);
                set.callee(step).filter(route -> in.size() < MOST_ROUTES && in.add(route))
                        .ifPresent(route -> flatten(route.steps(), in));
            }
        });
    }

    /** Returns the facts of the reported steps, so that no other finding is about the same. */
    Set<String> check() {
        List<Required> required = required();
        Stream.concat(required.stream(), Stream.of(APP, CHUNK)).filter(one -> first(one).isEmpty())
                .filter(one -> all.stream().anyMatch(one.is()) || required.contains(one) && one != RECORD)
                .forEach(this::absent);
        if (required.contains(RECORD)) {
            begins();
        }
        if (reported.isEmpty()) {
            order(required);
        }
        return reported.stream().flatMap(one -> one.facts().stream()).collect(Collectors.toSet());
    }

    private List<Required> required() {
        if (entry.isEntry() && all.stream().anyMatch(StepEffect::opens)) {
            return DOWNLOAD;
        }
        return OF_TARGETS.getOrDefault(set.target(entry.uri()), Stream.of(ACCESS_TOKEN, SESSION_TOKEN)
                .filter(list -> all.stream().anyMatch(list.get(list.size() - 1).is())).findFirst().orElse(REFUSAL));
    }

    private Optional<Step> first(Required required) {
        return always.stream().filter(required.is()).findFirst();
    }

    private void absent(Required required) {
        reported.add(required);
        Step found = all.stream().filter(required.is()).findFirst().orElse(null);
        if (found == null) {
            findings.error("R101", entry.uri().place(), "no step " + required.name() + " on the path from "
                    + entry.uri().target(), "add it");
            return;
        }
        boolean disabled = Stream.concat(Stream.of(found), found.ancestors()).anyMatch(Step::isDisabled);
        findings.error("R101", found, (disabled ? "is disabled" : "runs for some requests only") + ", but "
                + required.name() + " must run for every request",
                disabled ? "remove \"disabled\"" : "put it directly below the route");
    }

    /** A request begins with record-download, and runs nothing else before authenticate. */
    private void begins() {
        List<Step> steps = always.stream().filter(step -> !step.isCall()).toList();
        Step first = steps.stream().findFirst().filter(step -> !RECORD.is().test(step)).orElse(null);
        if (first != null && !reported.contains(RECORD)) {
            findings.error("R101", first.place(), "record-download must be the first step of " + entry.label()
                    + ", but " + first.label() + " is", "put record-download before it");
            reported.add(RECORD);
        } else if (!reported.contains(AUTHENTICATE)) {
            steps.stream().takeWhile(step -> !AUTHENTICATE.is().test(step))
                    .filter(step -> !StepEffect.isBean(step, RouteStep.Place.FIRST)).findFirst().ifPresent(step -> {
                        findings.error("R101", step.place(), "authenticate must come before every step but"
                                + " record-download, and " + step.label() + " comes before it",
                                "move it after authenticate");
                        reported.addAll(DOWNLOAD);
                    });
        }
    }

    /** Reports the step that is misplaced relative to most others. The one that opens the file stays in its place. */
    private void order(List<Required> required) {
        Required open = new Required("open the file", step -> !step.isCall() && set.opens(step), List.of());
        Required success = new Required("set-success",
                step -> StepEffect.of(set, step).leaves().contains(StepEffect.SUCCESS), List.of());
        Required encode = new Required("encode", step -> step.withAllBelow().anyMatch(StepEffect::encodes), List.of());
        List<Required> ordered = Stream.concat(required.stream(), required == DOWNLOAD
                ? Stream.of(open, CHUNK, success, encode) : Stream.<Required>empty())
                .filter(one -> first(one).isPresent()).toList();
        List<Integer> places = ordered.stream().map(one -> always.indexOf(first(one).orElseThrow())).toList();
        IntStream.range(0, ordered.size()).filter(one -> ordered.get(one) != open && misplaced(places, one) > 0).boxed()
                .max(Comparator.<Integer>comparingLong(one -> misplaced(places, one))
                        .thenComparing(places::get, Comparator.reverseOrder()))
                .map(ordered::get)
                // If one of these is misplaced, a fact is missing, which DataFlow reports.
                .filter(one -> one != success && one != encode).ifPresent(one -> {
                    findings.error("R101", first(one).orElseThrow(), "stands in the wrong order", "the order is "
                            + ordered.stream().map(Required::name).collect(Collectors.joining(", ")));
                    reported.add(one);
                });
    }

    /** Returns the number of steps relative to which a step is misplaced. */
    private static long misplaced(List<Integer> places, int one) {
        return IntStream.range(0, places.size())
                .filter(other -> (one - other) * (places.get(one) - places.get(other)) < 0).count();
    }
}
