package org.ccmessaging.filestream.routes.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Finding.Level;
import org.ccmessaging.filestream.toolkit.Headers;
import org.springframework.util.ClassUtils;

/**
 * Every failure has a clause {@code onException} (R204), which makes the response (R213) and is not hidden by another
 * (R303). The routes of requests use the clauses (R210, R310).
 *
 * <p>At a failure Camel takes, of the clauses for the nearest class, the first whose condition holds. Of those for one
 * class without a condition it keeps the last ({@code ErrorHandlerReifier} and
 * {@code DefaultExceptionPolicyStrategy} of Camel 4.22).
 */
record ClauseRules(RouteSet set, Findings findings) {

    /** Exceptions of components during a request that the contract has a row for. */
    private static final List<String> OF_COMPONENTS = List.of(
            "org.apache.camel.component.direct.DirectConsumerNotAvailableException",
            "software.amazon.awssdk.services.s3.model.S3Exception",
            "software.amazon.awssdk.core.exception.SdkClientException");

    private static final String REJECTED = "org.apache.camel.processor.ThrottlerRejectedExecutionException";

    /** Classes of Java: a clause for one of them is not specific to a failure. */
    private static final Set<String> ANYTHING =
            Set.of("java.lang.Throwable", "java.lang.Exception", "java.lang.RuntimeException");

    private static final Pattern ONE_ROUTE = Pattern.compile("\\s*\\$\\{routeId}\\s*==\\s*'([^']+)'\\s*");

    private static final List<String> FAILURES =
            Stream.concat(DocumentedFailures.names().stream(), OF_COMPONENTS.stream()).toList();

    void check() {
        set.clauses().forEach(this::handles);
        hidden(set.clauses());
        List<Step> responding = set.clauses().stream().filter(ClauseRules::responds).toList();
        Set<String> covered = responding.stream().flatMap(clause -> clause.exceptions().stream()).map(Value::text)
                .collect(Collectors.toSet());
        set.configurations().forEach(configuration -> complete(configuration, responding, covered));
        set.allSteps().filter(step -> step.name().equals("throttle") && step.field("rejectExecution").isTrue()
                        && !step.isDisabled() && !isCovered(REJECTED, covered)
                        && !set.configurations().isEmpty())
                .forEach(step -> findings.error("R204", step,
                        "rejects requests, and no clause says what the client is told",
                        "add " + REJECTED + " to the exceptions of clause busy"));
        set.callees(set.frame().stream().flatMap(Step::allSteps)).stream()
                .filter(route -> !route.field("routeConfigurationId").isPresent())
                .forEach(route -> findings.error("R210", route, "has none of the clauses: every refusal of it is an"
                        + " empty 500", "add routeConfigurationId: result-codes"));
        set.allSteps().filter(step -> step.name().equals("doTry")).forEach(this::caught);
    }

    private void caught(Step doTry) {
        doTry.children().stream().flatMap(Step::withAllBelow).flatMap(step -> set.callee(step).stream())
                .filter(route -> !route.field("errorHandler").get("noErrorHandler").isPresent()).findFirst()
                .ifPresent(route -> doTry.branches().stream().filter(branch -> branch.name().equals("doCatch"))
                        .forEach(branch -> findings.add(new Finding(branch.place(),
                                route.endpoint().path().startsWith("read-") ? Level.ERROR : Level.WARNING, "R310",
                                branch.label() + " never sees a failure of " + route.label() + ", which handles its"
                                + " failures itself", "give " + route.label() + " errorHandler: noErrorHandler: {}"))));
    }

    private void handles(Step clause) {
        clause.withAllBelow().flatMap(step -> step.assignments().stream())
                .filter(one -> one.name().text().equals(Headers.RESULT_CODE))
                .flatMap(one -> one.expression().stream()).filter(code -> set.resolve(code.text()).equals("0"))
                .forEach(code -> findings.error("R205", clause, code.place(), "gives a failure the code of success",
                        "use the code of the failure, such as 13"));
        if (!responds(clause)) {
            retries(clause);
        } else if (!clause.field("handled").isPresent() || clause.field("handled").expression()
                .filter(handled -> handled.text().equalsIgnoreCase("false")).isPresent()) {
            findings.error("R213", clause,
                    clause.field("handled").expression().map(Value::place).orElse(clause.place()),
                    "does not handle its failure, so the response is an empty 500", "set handled to constant true");
        }
    }

    /** Returns whether a clause makes a response, and does not only retry. */
    static boolean responds(Step clause) {
        return !clause.children().isEmpty() || !clause.field("redeliveryPolicy").isPresent();
    }

    /** After the last attempt the calling route handles the failure. */
    private void retries(Step clause) {
        Matcher one = ONE_ROUTE.matcher(clause.field("onWhen").expression().map(Value::text).orElse(""));
        if (!one.matches() || set.route(one.group(1))
                .filter(route -> route.endpoint().scheme().equals("direct")).isEmpty()) {
            findings.error("R213", clause, "only retries, and is not for one called route",
                    "give it the condition onWhen \"${routeId} == '…'\" with the id of a route that another calls");
        }
    }

    private void hidden(List<Step> clauses) {
        Map<String, Step> always = new HashMap<>();
        clauses.forEach(clause -> clause.exceptions().forEach(exception -> {
            Step earlier = always.get(exception.text());
            if (earlier != null && earlier != clause) {
                findings.error("R303", clause, exception.place(), "and " + earlier.label() + " both have "
                        + ClassUtils.getShortName(exception.text()) + ", and only one of them applies",
                        "keep the class in one of them, or put the clause with a condition (onWhen) first");
            } else if (!clause.field("onWhen").isPresent()) {
                always.put(exception.text(), clause);
            }
        }));
    }

    private void complete(Step configuration, List<Step> clauses, Set<String> covered) {
        FAILURES.stream().filter(failure -> !isCovered(failure, covered)).forEach(failure ->
                findings.error("R204", configuration.place(), "no clause for " + ClassUtils.getShortName(failure),
                        "add " + failure + " to the exceptions of a clause"));
        List<Step> general = clauses.stream()
                .filter(clause -> clause.exceptions().stream().map(Value::text).anyMatch(ANYTHING::contains)).toList();
        if (general.size() < 2 && general.stream().allMatch(clause -> clause.field("onWhen").isPresent())) {
            findings.error("R204", configuration.place(), "no clause for any other exception" + (general.isEmpty() ? ""
                    : " when the condition of " + general.get(0).label() + " does not hold"),
                    "add a clause for java.lang.Exception");
        }
    }

    private static boolean isCovered(String failure, Set<String> covered) {
        ClassLoader loader = ClassUtils.getDefaultClassLoader();
        Class<?> type = ClassUtils.isPresent(failure, loader) ? ClassUtils.resolveClassName(failure, loader) : null;
        return covered.contains(failure) || Stream.<Class<?>>iterate(type,
                each -> each != null && !ANYTHING.contains(each.getName()), Class::getSuperclass)
                .anyMatch(each -> covered.contains(each.getName()));
    }
}
