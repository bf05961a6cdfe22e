package org.ccmessaging.filestream.routes.check;

import java.util.List;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.failure.DocumentedFailure;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.RegexPatternTypeFilter;

/** The failures of the contract, which clauses name. */
public final class DocumentedFailures {

    private DocumentedFailures() {
    }

    /** The complete names of their classes, sorted. */
    public static List<String> names() {
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new RegexPatternTypeFilter(Pattern.compile(".*Exception")));
        return scanner.findCandidateComponents(DocumentedFailure.class.getPackageName()).stream()
                .map(BeanDefinition::getBeanClassName).sorted().toList();
    }
}
