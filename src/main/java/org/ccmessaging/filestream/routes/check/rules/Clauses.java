package org.ccmessaging.filestream.routes.check.rules;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.support.PatternHelper;
import org.ccmessaging.filestream.failure.DocumentedFailure;
import org.ccmessaging.filestream.routes.check.Configuration;
import org.ccmessaging.filestream.routes.check.DocumentedFailures;
import org.ccmessaging.filestream.routes.check.Expression;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;
import org.springframework.util.ClassUtils;

/**
 * Every failure has a clause that says what the client is told, and every clause ends what it handles, and applies.
 *
 * <p>Camel collects the clauses of the configurations that a route names, in their order. Of those for one class
 * without a condition it keeps the last, in the place of the first. At a failure it takes, of the clauses for the
 * nearest class, the first whose condition holds ({@code RoutesDefinition}, {@code ErrorHandlerReifier} and
 * {@code DefaultExceptionPolicyStrategy} of Camel 4.17).
 */
final class Clauses implements Rule {

    /** What components throw on the path of a request, and the contract has a row for. */
    private static final List<String> OF_COMPONENTS = List.of(
            "org.apache.camel.component.direct.DirectConsumerNotAvailableException",
            "software.amazon.awssdk.services.s3.model.S3Exception",
            "software.amazon.awssdk.core.exception.SdkClientException");

    private static final String REJECTED = "org.apache.camel.processor.ThrottlerRejectedExecutionException";

    /** Classes of Java itself: a clause for one of these says nothing about a failure in particular. */
    private static final Set<String> ANYTHING =
            Set.of("java.lang.Throwable", "java.lang.Exception", "java.lang.RuntimeException");

    /** What HttpHeaders lets out, and headers of Camel, which never leave. */
    private static final Set<String> LEAVE =
            Set.of("resultcode", "resultdesc", "ccmessaging-token", "allow", "retry-after", "content-type");

    private static final String RESPONSE_HEADERS = "filestream.http.response-headers";

    private final List<String> documented = DocumentedFailures.classes().stream()
            .filter(DocumentedFailure.class::isAssignableFrom).map(Class::getName).toList();

    @Override
    public void check(RouteSet set, Findings findings) {
        Set<String> leave = new TreeSet<>(LEAVE);
        Stream.of(Objects.requireNonNullElse(set.settings().apply(RESPONSE_HEADERS), "").toLowerCase(Locale.ROOT)
                .split(",")).map(String::strip).filter(header -> !header.isEmpty()).forEach(leave::add);
        Calls.clauses(set).forEach(clause -> {
            handles(clause, findings);
            if (clause.withAllBelow().noneMatch(step -> step.endpoint().isPresent())) {
                clause.withAllBelow().forEach(step -> headers(step, leave, findings));
            }
        });
        set.configurations().forEach(configuration -> hidden(configuration.clauses(), findings));
        set.configuration(Configurations.RESULT_CODES).ifPresent(codes -> {
            List<Step> clauses = enabled(codes.clauses().stream());
            complete(set, codes, clauses, findings);
            set.routes().stream().filter(route -> !Configurations.handlesNothing(route))
                    .forEach(route -> beside(set, route, clauses, findings));
        });
    }

    private static void handles(Step clause, Findings findings) {
        if (clause.exceptions().isEmpty()) {
            findings.error("R213", clause.place(), clause.label() + " names no exception",
                    "list the classes under exception");
        }
        if (!clause.field("handled").isPresent() || is(clause, "handled", "false")) {
            findings.error("R213", clause.expression("handled").map(Expression::place).orElse(clause.place()),
                    clause.label() + " does not handle its failure, so the response is an empty 500",
                    "set handled to constant true");
        }
    }

    private static boolean is(Step clause, String field, String value) {
        return clause.expression(field).filter(Expression::isConstant).map(Expression::text)
                .filter(value::equalsIgnoreCase).isPresent();
    }

    private static void headers(Step step, Set<String> leave, Findings findings) {
        step.assignments().stream().filter(assignment -> assignment.what().equals("header"))
                .map(assignment -> assignment.name())
                .filter(name -> !leave.contains(name.text().toLowerCase(Locale.ROOT))
                        && !name.text().startsWith("Camel"))
                .forEach(name -> findings.warning("R314", name.place(), "header " + name.text()
                        + " stays inside: the response carries " + String.join(", ", leave),
                        "list it in " + RESPONSE_HEADERS + ", or remove it"));
    }

    /** Camel takes the first clause that names the very class and whose condition holds. */
    private static void hidden(List<Step> clauses, Findings findings) {
        Map<String, Step> always = new HashMap<>();
        enabled(clauses.stream()).forEach(clause ->
                clause.exceptions().forEach(exception -> {
                    Step earlier = always.get(exception.text());
                    if (earlier != null && earlier != clause) {
                        findings.error("R303", exception.place(), clause.label() + " and " + earlier.label()
                                + " both have " + ClassUtils.getShortName(exception.text()) + ", and only one of them"
                                + " applies", "keep the class in one of them, or put the clause with a condition"
                                + " (onWhen) first");
                    } else if (clause.field("onWhen").isMissing()) {
                        always.put(exception.text(), clause);
                    }
                }));
    }

    private static List<Step> enabled(Stream<Step> clauses) {
        return clauses.filter(clause -> !clause.isDisabled()).toList();
    }

    /** Clauses of other configurations that a route names. */
    private static void beside(RouteSet set, Route route, List<Step> codes, Findings findings) {
        List<String> ids = set.configurationsOf(route);
        int at = ids.indexOf(Configurations.RESULT_CODES);
        if (at >= 0) {
            ids.stream().filter(id -> !id.equals(Configurations.RESULT_CODES)).forEach(id -> set.configurations()
                    .stream().filter(one -> !one.id().isEmpty() && PatternHelper.matchPattern(one.id(), id))
                    .forEach(one -> own(route, id, ids.indexOf(id) < at, one.clauses().stream(), codes,
                            findings)));
        }
    }

    /**
     * Of clauses without a condition the last applies, and of those with one the first that holds. Two conditions for a
     * class are each other's opposite, as those of download-failed and business-failure, and leave nothing.
     */
    private static void own(Route route, String id, boolean isFirst, Stream<Step> clauses, List<Step> codes,
            Findings findings) {
        enabled(clauses).forEach(clause -> clause.exceptions().forEach(exception -> {
            List<Step> rivals = codes.stream().filter(one -> covered(Stream.of(one)).contains(exception.text()))
                    .toList();
            boolean always = rivals.stream().anyMatch(one -> one.field("onWhen").isMissing());
            boolean mustBeFirst = clause.field("onWhen").isPresent() || !always;
            if (mustBeFirst != isFirst && (always || rivals.size() > 1)) {
                findings.error("R303", exception.place(), clause.label() + " never applies in " + route.label() + ": "
                        + rivals.get(0).label() + " of " + Configurations.RESULT_CODES + " has the same class",
                        "write routeConfigurationId: " + (mustBeFirst ? id + "," + Configurations.RESULT_CODES
                        : Configurations.RESULT_CODES + "," + id));
            }
        }));
    }

    private void complete(RouteSet set, Configuration codes, List<Step> clauses, Findings findings) {
        Set<String> covered = covered(Calls.clauses(set));
        Set<String> byCodes = covered(clauses.stream());
        Stream.concat(documented.stream(), OF_COMPONENTS.stream()).filter(failure -> !isCovered(failure, byCodes))
                .forEach(failure -> findings.error("R204", codes.place(), "no clause for "
                        + ClassUtils.getShortName(failure), "add " + failure + " to the exceptions of a clause"));
        List<Step> ofAll = clauses.stream()
                .filter(clause -> clause.exceptions().stream().map(Value::text).anyMatch(ANYTHING::contains)).toList();
        if (ofAll.size() < 2 && ofAll.stream().noneMatch(clause -> clause.field("onWhen").isMissing())) {
            findings.error("R204", codes.place(), "no clause for any other exception" + (ofAll.isEmpty() ? ""
                    : " when the condition of " + ofAll.get(0).label() + " does not hold"),
                    "add a clause for java.lang.Exception");
        }
        set.allSteps().filter(step -> step.name().equals("throttle") && step.field("rejectExecution").isTrue()
                        && !step.isDisabled() && !isCovered(REJECTED, covered))
                .forEach(step -> findings.error("R204", step.place(), step.label()
                        + " rejects requests, and no clause says what the client is told",
                        "add " + REJECTED + " to the exceptions of clause busy"));
    }

    private static Set<String> covered(Stream<Step> clauses) {
        return clauses.flatMap(clause -> clause.exceptions().stream()).map(Value::text).collect(Collectors.toSet());
    }

    private static boolean isCovered(String failure, Set<String> covered) {
        ClassLoader loader = ClassUtils.getDefaultClassLoader();
        Class<?> type = ClassUtils.isPresent(failure, loader) ? ClassUtils.resolveClassName(failure, loader) : null;
        while (type != null && !ANYTHING.contains(type.getName())) {
            if (covered.contains(type.getName())) {
                return true;
            }
            type = type.getSuperclass();
        }
        return covered.contains(failure);
    }
}
