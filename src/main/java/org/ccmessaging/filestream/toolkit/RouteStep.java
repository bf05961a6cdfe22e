package org.ccmessaging.filestream.toolkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.stereotype.Component;

/**
 * Marks a {@link org.apache.camel.Processor} as a step for routes. For example, step {@code resolve-key} runs bean
 * {@code resolveKey} of class {@code ResolveKey}. A jar in {@code lib/} must declare its steps in an
 * auto-configuration.
 */
@Component
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface RouteStep {

    /** Results that the step needs, such as {@code location}. Command {@code routes check} reports a missing result. */
    String[] needs() default {};

    /** Results that exist after the step. */
    String[] leaves() default {};
}
