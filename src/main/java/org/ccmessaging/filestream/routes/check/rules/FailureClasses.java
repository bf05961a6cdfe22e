package org.ccmessaging.filestream.routes.check.rules;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.failure.DocumentedFailure;
import org.ccmessaging.filestream.routes.check.Configuration;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AssignableTypeFilter;
import org.springframework.util.ClassUtils;

/** Every failure has a clause that says what the client is told. */
final class FailureClasses implements Rule {

    private static final String FAILURES = DocumentedFailure.class.getPackageName();

    /** What components throw on the way of a request, and the contract has a row for. */
    private static final List<String> OF_COMPONENTS = List.of("com.fasterxml.jackson.core.JacksonException",
            "org.apache.camel.component.direct.DirectConsumerNotAvailableException",
            "software.amazon.awssdk.services.s3.model.S3Exception",
            "software.amazon.awssdk.core.exception.SdkClientException");

    private static final String REJECTED = "org.apache.camel.processor.ThrottlerRejectedExecutionException";

    /** Classes of Java itself: a clause for one of these says nothing about a failure in particular. */
    private static final Set<String> ANYTHING =
            Set.of("java.lang.Throwable", "java.lang.Exception", "java.lang.RuntimeException");

    private final List<String> documented = documented();

    @Override
    public void check(RouteSet set, Findings findings) {
        Optional<Configuration> codes = set.configuration(ErrorHandlers.RESULT_CODES);
        if (codes.isEmpty()) {
            return;
        }
        Set<String> covered = Journeys.clauses(set).flatMap(clause -> clause.exceptions().stream()).map(Value::text)
                .collect(Collectors.toSet());
        Set<String> byCodes = codes.get().clauses("onException").stream().filter(clause -> !clause.isDisabled())
                .flatMap(clause -> clause.exceptions().stream()).map(Value::text).collect(Collectors.toSet());
        Stream.concat(documented.stream(), OF_COMPONENTS.stream()).filter(failure -> !isCovered(failure, byCodes))
                .forEach(failure -> findings.error("R204", codes.get().place(), "no clause for "
                        + failure.substring(failure.lastIndexOf('.') + 1), "add " + failure
                        + " to the exceptions of a clause"));
        anythingElse(codes.get(), findings);
        set.allSteps().filter(step -> step.name().equals("throttle") && step.field("rejectExecution").isTrue()
                        && !step.isDisabled() && !isCovered(REJECTED, covered))
                .forEach(step -> findings.error("R204", step.place(), step.label()
                        + " rejects requests, and no clause says what the client is told",
                        "add " + REJECTED + " to the exceptions of clause busy"));
    }

    private static void anythingElse(Configuration codes, Findings findings) {
        List<Step> clauses = codes.clauses("onException").stream().filter(clause -> !clause.isDisabled())
                .filter(clause -> clause.exceptions().stream().map(Value::text).anyMatch(ANYTHING::contains)).toList();
        boolean always = clauses.stream().anyMatch(clause -> clause.field("onWhen").isMissing());
        if (!always && clauses.size() < 2) {
            findings.error("R204", codes.place(), "no clause for " + (clauses.isEmpty() ? "any other exception"
                    : "any other exception when the condition of " + clauses.get(0).label() + " does not hold"),
                    "add a clause for java.lang.Exception");
        }
    }

    private static List<String> documented() {
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AssignableTypeFilter(DocumentedFailure.class));
        return scanner.findCandidateComponents(FAILURES).stream().map(bean -> bean.getBeanClassName())
                .filter(Objects::nonNull).sorted().toList();
    }

    private static boolean isCovered(String failure, Set<String> covered) {
        if (covered.contains(failure)) {
            return true;
        }
        ClassLoader loader = ClassUtils.getDefaultClassLoader();
        Class<?> type = ClassUtils.isPresent(failure, loader) ? ClassUtils.resolveClassName(failure, loader) : null;
        while (type != null && !ANYTHING.contains(type.getName())) {
            if (covered.contains(type.getName())) {
                return true;
            }
            type = type.getSuperclass();
        }
        return false;
    }
}
