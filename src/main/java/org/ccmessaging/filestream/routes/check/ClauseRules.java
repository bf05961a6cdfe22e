package org.ccmessaging.filestream.routes.check;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.support.PatternHelper;
import org.ccmessaging.filestream.failure.DocumentedFailure;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.RegexPatternTypeFilter;
import org.springframework.util.ClassUtils;

/**
 * Checks that routes name only existing route configurations, that each route in {@code requested} handles errors,
 * and that {@code onException} clauses cover the failures in the contract.
 *
 * @param requested the routes that process requests for files or tokens
 * @param configurations the ids of all route configurations; the id of a global configuration is empty
 */
record ClauseRules(RouteSet set, Set<Step> requested, Collection<String> configurations, Report report) {

    /** Exceptions of Camel and of the AWS SDK for failures in the contract. */
    private static final List<String> OF_COMPONENTS = List.of(
            "org.apache.camel.component.direct.DirectConsumerNotAvailableException",
            "software.amazon.awssdk.services.s3.model.S3Exception",
            "software.amazon.awssdk.core.exception.SdkClientException");

    /** Too general: failures of the contract need an {@code onException} clause for another class. */
    private static final Set<String> ANYTHING =
            Set.of("java.lang.Throwable", "java.lang.Exception", "java.lang.RuntimeException");

    void check() {
        set.routes().forEach(this::named);
        List<Step> used = set.configurations().stream().filter(configuration -> requested.stream()
                .flatMap(this::names).anyMatch(name -> PatternHelper.matchPattern(configuration.id(), name))).toList();
        Set<String> covered = Stream.concat(used.stream().flatMap(Step::allSteps), set.elements().stream())
                .filter(clause -> clause.name().equals(Step.CLAUSE) && !clause.isDisabled())
                .flatMap(clause -> clause.exceptions().stream()).map(Value::text).collect(Collectors.toSet());
        used.stream().limit(1).forEach(configuration -> documented().filter(failure -> !isCovered(failure, covered))
                .forEach(failure -> report.error(configuration, "has no clause for " + ClassUtils.getShortName(failure),
                        "add " + failure + " to the exceptions of a clause")));
    }

    private Stream<String> names(Step route) {
        return Stream.of(set.resolve(route.field("routeConfigurationId").text()).split(",")).map(String::strip)
                .filter(name -> !name.isEmpty());
    }

    private void named(Step route) {
        names(route).filter(name -> configurations.stream().noneMatch(id -> PatternHelper.matchPattern(id, name)))
                .forEach(name -> report.error(route, route.field("routeConfigurationId").place(),
                        "names routeConfiguration " + name + ", which does not exist",
                        NearestName.didYouMean(name, configurations, null)));
        boolean own = route.field("errorHandler").isPresent() || set.elements().stream()
                .anyMatch(element -> element.name().equals(Step.CLAUSE)
                        && element.place().file().equals(route.place().file()));
        if (requested.contains(route) && names(route).findAny().isEmpty() && !own
                && !configurations.contains("")) {
            report.error(route, "has no routeConfigurationId: each refusal of it is an empty 500",
                    "add routeConfigurationId: result-codes");
        }
    }

    /** Returns the class name of each exception for a failure in the contract. */
    static Stream<String> documented() {
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new RegexPatternTypeFilter(Pattern.compile(".*Exception")));
        return Stream.concat(scanner.findCandidateComponents(DocumentedFailure.class.getPackageName()).stream()
                .map(BeanDefinition::getBeanClassName), OF_COMPONENTS.stream());
    }

    private static boolean isCovered(String failure, Set<String> covered) {
        return Stream.<Class<?>>iterate(ClassUtils.resolveClassName(failure, null),
                type -> !ANYTHING.contains(type.getName()), Class::getSuperclass)
                .anyMatch(type -> covered.contains(type.getName()));
    }
}
