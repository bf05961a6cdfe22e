package org.ccmessaging.filestream.toolkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a {@link org.apache.camel.Processor} as a step that routes may run ({@code process}). It says what the step
 * needs from those before it, and what it leaves for those behind it. {@code routes check} compares both on every path
 * of a request. Step, bean and class share one name: step {@code resolve-key} runs bean {@code resolveKey} of class
 * {@code ResolveKey}.
 *
 * <p>A class with this annotation becomes a bean if its jar, which may stand in {@code lib/}, lists it in a file
 * {@code META-INF/spring/org.ccmessaging.filestream.toolkit.RouteStep.imports}.
 *
 * @since 0.2.0
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface RouteStep {

    /** Where in the flow of a request a step stands. */
    enum Place {

        /** Before {@code authenticate}: the step sees requests of anybody. */
        FIRST,

        /** Behind {@code authenticate}. */
        ANYWHERE,

        /** At the end, once: a step behind it changes neither body nor outcome. */
        LAST
    }

    /** One or more sentences for authors of routes. */
    String description();

    /** What steps before it must have left, such as {@code location}. */
    String[] needs() default {};

    /** What is there behind the step. */
    String[] leaves() default {};

    /** What is no longer there behind the step. */
    String[] takes() default {};

    /** Where the step stands. */
    Place place() default Place.ANYWHERE;
}
