package org.ccmessaging.filestream.routes.check.rules;

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
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.ccmessaging.filestream.toolkit.Steps;

/**
 * The steps that each request of an operation runs. They stand directly below the entry, or in a route that it calls
 * there, in the order of a list. Other steps may stand between them.
 */
final class Frame {

    /**
     * A step of a frame.
     *
     * @param name its usual id
     * @param is whether a step is it
     * @param facts what it needs and leaves
     */
    private record Part(String name, Predicate<Step> is, List<String> facts) {

        static Part of(String name, String bean) {
            RouteStep step = Effect.BEANS.get(bean);
            return new Part(name, one -> one.bean().text().equals(bean),
                    Stream.of(step.needs(), step.leaves()).flatMap(Stream::of).toList());
        }
    }

    private static final Part RECORD = Part.of("record-download", Steps.RECORD_DOWNLOAD);
    private static final Part AUTHENTICATE = Part.of("authenticate", Steps.AUTHENTICATE);
    private static final Part READ_BODY = Part.of("read-body", Steps.READ_BODY);
    private static final Part PARSE = new Part("parse-request (unmarshal to variable request)", Effect::parses,
            List.of("request"));
    private static final Part CHUNK = Part.of("read-first-chunk", Steps.READ_FIRST_CHUNK);
    private static final Part APP = Part.of("authenticate-app", Steps.AUTHENTICATE_APP);

    private static final List<Part> DOWNLOAD = List.of(RECORD, AUTHENTICATE, READ_BODY,
            Part.of("admit", Steps.ADMIT), PARSE, Part.of("check-request", Steps.CHECK_REQUEST));
    private static final List<Part> REFUSAL = List.of(RECORD, AUTHENTICATE);
    private static final List<Part> ACCESS_TOKEN =
            List.of(Part.of("issue-access-token", Steps.ISSUE_ACCESS_TOKEN));
    private static final List<Part> SESSION_TOKEN =
            List.of(READ_BODY, PARSE, Part.of("issue-session-token", Steps.ISSUE_SESSION_TOKEN));

    private static final Map<String, List<Part>> OF_TARGETS = Map.of(
            "platform-http:" + EntryPoints.TOKEN_BY_AK_SK, ACCESS_TOKEN,
            "platform-http:" + EntryPoints.APPLY_TOKEN, SESSION_TOKEN,
            EntryPoints.FAILURE_OUTCOME, List.of(Part.of("raise-failure", Steps.RAISE_FAILURE)));

    /** No request calls as many routes, of which the service allows 32 within each other. */
    private static final int MOST_ROUTES = 100;

    private final RouteSet set;
    private final Calls calls;
    private final Route entry;
    private final Findings findings;
    private final List<Step> flat = new ArrayList<>();
    private final Set<Part> reported = new HashSet<>();

    Frame(RouteSet set, Calls calls, Route entry, Findings findings) {
        this.set = set;
        this.calls = calls;
        this.entry = entry;
        this.findings = findings;
        flatten(entry.steps(), new HashSet<>(Set.of(entry)));
    }

    /** The steps that run for each request. Those of a called route stand behind the step that calls it first. */
    private void flatten(List<Step> steps, Set<Route> in) {
        steps.stream().filter(step -> !step.isDisabled()).forEach(step -> {
            if (step.name().equals("step")) {
                flatten(step.children(), in);
            } else {
                flat.add(step);
                calls.callee(step).filter(route -> in.size() < MOST_ROUTES && in.add(route))
                        .ifPresent(route -> flatten(route.steps(), in));
            }
        });
    }

    /**
     * Compares the steps with the list for this entry.
     *
     * @param opens whether a step of the request opens a file
     * @return what the reported steps need and leave, so that no other finding is about the same
     */
    Set<String> compare(boolean opens) {
        List<Part> parts = parts(opens);
        Stream.concat(parts.stream(), Stream.of(APP, CHUNK)).filter(part -> first(part).isEmpty())
                .filter(part -> calls.steps(entry).anyMatch(part.is()) || parts.contains(part) && part != RECORD)
                .forEach(this::absent);
        if (parts.contains(RECORD)) {
            begins();
        }
        if (reported.isEmpty()) {
            order(parts);
        }
        return reported.stream().flatMap(part -> part.facts().stream()).collect(Collectors.toSet());
    }

    private List<Part> parts(boolean opens) {
        String target = calls.target(entry.uri());
        return opens ? DOWNLOAD : OF_TARGETS.getOrDefault(target, Stream.of(ACCESS_TOKEN, SESSION_TOKEN)
                .filter(frame -> calls.steps(entry).anyMatch(frame.get(frame.size() - 1).is())).findFirst()
                .orElse(REFUSAL));
    }

    private Optional<Step> first(Part part) {
        return flat.stream().filter(part.is()).findFirst();
    }

    private void absent(Part part) {
        Optional<Step> found = calls.steps(entry).filter(part.is()).findFirst();
        boolean disabled = found.filter(step -> step.isDisabled()
                || step.ancestors().anyMatch(Step::isDisabled)).isPresent();
        findings.error("R101", found.map(Step::place).orElse(entry.uri().place()), found.map(step -> step.label()
                + (disabled ? " is disabled" : " runs for some requests only") + ", but " + part.name()
                + " must run for every request").orElse("no step " + part.name() + " on the path from "
                + entry.uri().target()), found.isEmpty() ? "add it" : disabled ? "remove \"disabled\""
                : "put it directly below the route");
        reported.add(part);
    }

    /** A request begins with record-download, and runs nothing else before authenticate. */
    private void begins() {
        List<Step> steps = flat.stream().filter(step -> !Calls.isCall(step)).toList();
        Optional<Step> first = steps.stream().findFirst().filter(step -> !RECORD.is().test(step));
        if (first.isPresent() && !reported.contains(RECORD)) {
            findings.error("R101", first.get().place(), "record-download must be the first step of " + entry.label()
                    + ", but " + first.get().label() + " is", "put record-download before it");
            reported.add(RECORD);
        } else if (!reported.contains(AUTHENTICATE)) {
            steps.stream().takeWhile(step -> !AUTHENTICATE.is().test(step)).filter(step -> !mayBeFirst(step))
                    .findFirst().ifPresent(step -> {
                        findings.error("R101", step.place(), "authenticate must come before every step but"
                                + " record-download, and " + step.label() + " comes before it",
                                "move it behind authenticate");
                        reported.addAll(DOWNLOAD);
                    });
        }
    }

    private static boolean mayBeFirst(Step step) {
        RouteStep bean = Effect.BEANS.get(step.bean().text());
        return bean != null && bean.place() == RouteStep.Place.FIRST;
    }

    /** Reports the step that stands wrongly to the most others. The one that opens the file stays where it is. */
    private void order(List<Part> frame) {
        Part open = new Part("open the file", step -> !Calls.isCall(step) && calls.reaches(step, Effect::opens),
                List.of());
        Part success = new Part("set-success",
                step -> Effect.of(set, step).leaves().contains(Effect.SUCCESS), List.of());
        Part encode = new Part("encode", step -> step.withAllBelow().anyMatch(Effect::encodes), List.of());
        List<Part> parts = Stream.concat(frame.stream(), frame == DOWNLOAD
                ? Stream.of(open, CHUNK, success, encode) : Stream.<Part>empty())
                .filter(part -> first(part).isPresent()).toList();
        List<Integer> places = parts.stream().map(part -> flat.indexOf(first(part).orElseThrow())).toList();
        IntStream.range(0, parts.size()).filter(one -> parts.get(one) != open && wrong(places, one) > 0).boxed()
                .max(Comparator.<Integer>comparingLong(one -> wrong(places, one))
                        .thenComparing(places::get, Comparator.reverseOrder()))
                .map(parts::get)
                // What these need is not there then, which Flow reports.
                .filter(part -> part != success && part != encode).ifPresent(part -> {
                    Step step = first(part).orElseThrow();
                    findings.error("R101", step.place(), step.label() + " stands in the wrong order", "the order is "
                            + parts.stream().map(Part::name).collect(Collectors.joining(", ")));
                    reported.add(part);
                });
    }

    /** With how many others a part stands in the wrong order. */
    private static long wrong(List<Integer> places, int one) {
        return IntStream.range(0, places.size())
                .filter(other -> (one - other) * (places.get(one) - places.get(other)) < 0).count();
    }
}
