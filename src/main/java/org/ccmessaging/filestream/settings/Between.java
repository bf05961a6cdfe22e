package org.ccmessaging.filestream.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Range of a duration or size. {@link BoundSettings} checks the range. A duration must be whole milliseconds, because
 * most libraries count in milliseconds.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.PARAMETER})
public @interface Between {

    /** The lowest allowed value, such as {@code 1ms} or {@code 1B}. */
    String min();

    /** The highest allowed value. */
    String max();
}
