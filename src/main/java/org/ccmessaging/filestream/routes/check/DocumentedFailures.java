package org.ccmessaging.filestream.routes.check;

import java.util.List;
import java.util.Set;
import org.ccmessaging.filestream.failure.DocumentedFailure;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.RegexPatternTypeFilter;
import org.springframework.util.ClassUtils;

/** The failures of the contract, which clauses name. */
public final class DocumentedFailures {

    private DocumentedFailures() {
    }

    /** The classes of the failures, by name. */
    public static List<Class<?>> classes() {
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new RegexPatternTypeFilter(java.util.regex.Pattern.compile(".*Exception")));
        Set<BeanDefinition> found = scanner.findCandidateComponents(DocumentedFailure.class.getPackageName());
        return found.stream().map(BeanDefinition::getBeanClassName).sorted()
                .<Class<?>>map(name -> ClassUtils.resolveClassName(name, null)).toList();
    }
}
