package org.ccmessaging.filestream.toolkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.stereotype.Component;

/**
 * Marks a {@link org.apache.camel.Processor} as a step that routes may run ({@code process}). {@code routes check}
 * reports a step whose {@link #needs} are not in the {@link #leaves} of the steps before it. Step, bean and class share
 * one name: step {@code resolve-key} runs bean {@code resolveKey} of class {@code ResolveKey}.
 *
 * <p>A jar in {@code lib/} contributes its steps as beans, by an auto-configuration.
 */
@Component
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface RouteStep {

    /** Results that earlier steps must have left, such as {@code location}. */
    String[] needs() default {};

    /** Results that exist after the step. */
    String[] leaves() default {};
}
