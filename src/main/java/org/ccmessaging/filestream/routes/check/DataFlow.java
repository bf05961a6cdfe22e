package org.ccmessaging.filestream.routes.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.toolkit.RouteStep;

/**
 * Follows a request through branches and {@code direct:} calls. Reports a step if a fact (a result, such as
 * {@code file}) that the step needs ({@link RouteStep#needs}) is missing on a path to the step. Ignores a fact that no
 * bean sets ({@link RouteStep#leaves}).
 *
 * @param beans the annotations of the step beans, by bean name
 * @param missed the missing facts that are already reported
 */
record DataFlow(RouteSet set, Map<String, RouteStep> beans, Set<String> missed, Report report) {

    private static final String LOCATION = "location";
    private static final String FILE = "file";
    private static final String RESPONSE = "response";
    /** Stands for all facts after a call that the check cannot follow. */
    private static final String ANYTHING = "anything";

    private static final Set<String> REPLACING =
            Set.of("setBody", "convertBodyTo", "marshal", "unmarshal", "transform");

    /** Components that do not count as readers of the body; {@code direct} only passes the body to another route. */
    private static final Set<String> KEEPING = Set.of("direct", "bean", "log", "mock", "");
    private static final Pattern BODY =
            Pattern.compile("\\$(simple)?\\{\\s*(body|bodyAs|mandatoryBodyAs|in\\.body)\\b");

    void check(Step route) {
        steps(route.children(), Set.of(), List.of(route));
    }

    /** Returns the facts that hold after the steps; {@code null} if a step ends the request. */
    private Set<String> steps(List<Step> steps, Set<String> in, List<Step> calls) {
        Set<String> facts = in;
        for (Step step : steps) {
            facts = facts == null || step.isDisabled() ? facts : step(step, facts, calls);
        }
        return facts;
    }

    private Set<String> step(Step step, Set<String> in, List<Step> calls) {
        body(step, in);
        return switch (step.name()) {
            case "choice" -> choice(step, in, calls);
            case "throwException", "stop", "rollback" -> null;
            default -> step.isCall() ? call(step, in, calls) : holder(step, in, calls);
        };
    }

    /** Returns the facts that hold after the step if all its children and branches run. */
    private Set<String> holder(Step step, Set<String> in, List<Step> calls) {
        Set<String> facts = leaf(step, in);
        if (opensFile(step) && !in.contains("customer") && !in.contains(ANYTHING)
                && set.resolve(calls.get(0).endpoint().scheme()).equals("platform-http")) {
            report.warning(step, "opens a file, and authenticate does not run before it on every path",
                    "put authenticate before it unless everyone may have the file");
        }
        facts.addAll(Objects.requireNonNullElse(steps(step.children(), Set.copyOf(facts), calls), Set.of()));
        step.branches().forEach(branch -> facts.addAll(Objects.requireNonNullElse(branch(branch,
                branch.name().equals("doFinally") ? Set.copyOf(facts) : in, calls), Set.of())));
        return facts;
    }

    private Set<String> branch(Step branch, Set<String> in, List<Step> calls) {
        body(branch, in);
        return branch.isDisabled() ? null : steps(branch.children(), in, calls);
    }

    /** Returns the facts that hold whichever branch runs; {@code null} if every branch ends the request. */
    private Set<String> choice(Step choice, Set<String> in, List<Step> calls) {
        List<Set<String>> ends = new ArrayList<>();
        choice.branches().forEach(branch -> ends.add(branch(branch, in, calls)));
        if (choice.branches().stream().noneMatch(branch -> branch.name().equals("otherwise") && !branch.isDisabled())) {
            ends.add(in);
        }
        ends.removeIf(Objects::isNull);
        List<Set<String>> known = ends.stream().filter(facts -> !facts.contains(ANYTHING)).toList();
        return (known.isEmpty() ? ends : known).stream().reduce((facts, others) -> facts.stream()
                .filter(others::contains).collect(Collectors.toSet())).orElse(null);
    }

    private Set<String> call(Step step, Set<String> in, List<Step> calls) {
        Set<String> facts = new HashSet<>(in);
        if (set.target(step.endpoint()).startsWith("direct:read-")) {
            need(step, LOCATION, facts);
        }
        Step callee = set.callee(step).orElse(null);
        if (callee == null || calls.contains(callee)) {
            // The called route comes from a template or from Java, or the call is recursive.
            facts.add(ANYTHING);
            return facts;
        }
        return steps(callee.children(), facts, Stream.concat(calls.stream(), Stream.of(callee)).toList());
    }

    private static boolean opensFile(Step step) {
        String texts = step.value().texts().map(Value::text).collect(Collectors.joining(" "));
        return texts.matches("(?s)(?=.*aws2-s3).*getObject.*")
                || step.name().startsWith("poll") && texts.matches("(?s).*\\b(file|aws2-s3)\\b.*");
    }

    private Set<String> leaf(Step step, Set<String> in) {
        Set<String> facts = new HashSet<>(in);
        RouteStep bean = beans.get(step.bean());
        if (bean != null) {
            List.of(bean.needs()).forEach(fact -> need(step, fact, facts));
            facts.addAll(List.of(bean.leaves()));
        }
        return facts;
    }

    private void need(Step step, String fact, Set<String> facts) {
        if (facts.contains(ANYTHING) || !facts.add(fact)) {
            return;
        }
        String leavers = beans.entrySet().stream().filter(bean -> List.of(bean.getValue().leaves()).contains(fact))
                .map(bean -> bean.getKey().replaceAll("([A-Z])", "-$1").toLowerCase())
                .collect(Collectors.joining(" or "));
        // Reports each missing fact only once, for the first step that needs the fact.
        if (!leavers.isEmpty() && missed.add(fact)) {
            report.error(step, "needs " + fact + ", which " + leavers + " leaves, on every path",
                    "put " + leavers + " before it, on every path, or end the others with throwException");
        }
    }

    /** Reports a step that reads or replaces the file before the client gets the file. */
    private void body(Step step, Set<String> facts) {
        if (facts.contains(FILE) && !facts.contains(RESPONSE)) {
            touchesBody(step).ifPresent(place -> report.error(step, place, "takes or reads the file, which"
                    + " can be read once, before the client gets it", "move it before the step that opens the file,"
                    + " give it variableSend and variableReceive, or read a variable or a header instead"));
        }
    }

    /** Returns where the step reads or replaces the body; empty for any other step. */
    private static Optional<Place> touchesBody(Step step) {
        boolean apart = step.field("variableReceive").isPresent() && step.field("variableSend").isPresent();
        boolean encodes = step.name().equals("marshal")
                && (step.field("base64").isPresent() || step.field("dataFormatType").get("base64").isPresent());
        boolean takes = REPLACING.contains(step.name()) && !apart && !encodes
                || step.name().equals("to") && !apart && !KEEPING.contains(step.endpoint().scheme());
        return takes ? Optional.of(step.place())
                : step.value().texts().filter(text -> BODY.matcher(text.text()).find()).map(Value::place).findFirst();
    }
}
