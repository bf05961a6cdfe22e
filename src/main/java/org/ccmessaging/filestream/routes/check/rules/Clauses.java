package org.ccmessaging.filestream.routes.check.rules;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
 * Every failure has a clause that says what the client is told. Every clause applies, and ends what it handles. A route
 * that a request meets names the clauses.
 *
 * <p>At a failure Camel takes, of the clauses for the nearest class, the first whose condition holds. Of those for one
 * class without a condition it keeps the last ({@code ErrorHandlerReifier} and
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

    private static final Pattern ONE_ROUTE = Pattern.compile("\\s*\\$\\{routeId}\\s*==\\s*'([^']+)'\\s*");

    private static final String NONE = "noErrorHandler";

    private final List<String> documented = DocumentedFailures.classes().stream()
            .filter(DocumentedFailure.class::isAssignableFrom).map(Class::getName).toList();

    @Override
    public void check(RouteSet set, Findings findings) {
        List<Step> clauses = Calls.clauses(set).toList();
        clauses.forEach(clause -> handles(set, clause, findings));
        hidden(clauses, findings);
        set.configurations().forEach(codes ->
                complete(set, codes, clauses.stream().filter(Clauses::responds).toList(), findings));
        Calls calls = new Calls(set);
        calls.ofRequests().forEach(route -> named(route, findings));
        set.allSteps().filter(step -> step.name().equals("doTry")).forEach(step -> caught(calls, step, findings));
    }

    private static void named(Route route, Findings findings) {
        if (route.field("routeConfigurationId").isMissing()) {
            findings.error("R210", route.place(), route.label() + " has none of the clauses: every refusal of it is an"
                    + " empty 500", "add routeConfigurationId: result-codes");
        } else if (Calls.isEntry(route) && handlesNothing(route)) {
            findings.error("R210", route.fields().placeOf("errorHandler"), route.label() + " is an entry, and has no"
                    + " error handler: no clause applies, and every refusal is an empty 500", "remove errorHandler");
        }
    }

    private static boolean handlesNothing(Route route) {
        return route.field("errorHandler").get(NONE).isPresent();
    }

    private static void caught(Calls calls, Step doTry, Findings findings) {
        doTry.children().stream().flatMap(Step::withAllBelow).flatMap(step -> calls.callee(step).stream())
                .filter(route -> !handlesNothing(route)).findFirst().ifPresent(route -> doTry.branches().stream()
                        .filter(branch -> branch.name().equals("doCatch")).forEach(branch -> {
                            String message = branch.label() + " never sees a failure of " + route.label()
                                    + ", which handles its failures itself";
                            String hint = "give " + route.label() + " errorHandler: noErrorHandler: {}";
                            if (route.uri().target().startsWith("direct:read-")) {
                                findings.error("R310", branch.place(), message, hint);
                            } else {
                                findings.warning("R310", branch.place(), message, hint);
                            }
                        }));
    }

    private static void handles(RouteSet set, Step clause, Findings findings) {
        if (clause.exceptions().isEmpty()) {
            findings.error("R213", clause.place(), clause.label() + " names no exception",
                    "list the classes under exception");
        }
        if (!responds(clause)) {
            triesAgain(set, clause, findings);
        } else if (!clause.field("handled").isPresent() || is(clause, "handled", "false")) {
            findings.error("R213", clause.expression("handled").map(Expression::place).orElse(clause.place()),
                    clause.label() + " does not handle its failure, so the response is an empty 500",
                    "set handled to constant true");
        }
    }

    /** Whether a clause makes a response, and does more than try again. */
    static boolean responds(Step clause) {
        return !clause.children().isEmpty() || clause.field("redeliveryPolicy").isMissing();
    }

    /** After the last attempt the failure goes on to the route that called. An entry has none. */
    private static void triesAgain(RouteSet set, Step clause, Findings findings) {
        Matcher one = ONE_ROUTE.matcher(clause.expression("onWhen").map(Expression::text).orElse(""));
        if (!one.matches() || set.route(one.group(1)).filter(route -> !Calls.isEntry(route)).isEmpty()) {
            findings.error("R213", clause.place(), clause.label()
                    + " only tries again, and is not for one called route",
                    "give it the condition onWhen \"${routeId} == '…'\" with the id of a route that another calls");
        }
    }

    private static boolean is(Step clause, String field, String value) {
        return clause.expression(field).filter(Expression::isConstant).map(Expression::text)
                .filter(value::equalsIgnoreCase).isPresent();
    }

    /** Camel takes the first clause that names the very class and whose condition holds. */
    private static void hidden(List<Step> clauses, Findings findings) {
        Map<String, Step> always = new HashMap<>();
        clauses.forEach(clause ->
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

    private void complete(RouteSet set, Configuration codes, List<Step> clauses, Findings findings) {
        Set<String> covered = covered(clauses.stream());
        Stream.concat(documented.stream(), OF_COMPONENTS.stream()).filter(failure -> !isCovered(failure, covered))
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
