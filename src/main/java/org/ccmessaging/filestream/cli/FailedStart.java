package org.ccmessaging.filestream.cli;

import java.util.Objects;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Prints what {@code routes check} would print when errors in the routes stop the start, and no stack trace. Spring
 * Boot finds this class through {@code META-INF/spring.factories}.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class FailedStart implements SpringBootExceptionReporter {

    /** @param context that did not start; {@code null} if there was none yet */
    FailedStart(ConfigurableApplicationContext context) {
        // There is none where the start fails earlier, and an exception here would silence all other reports.
    }

    @Override
    public boolean reportException(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .filter(InvalidRoutesException.class::isInstance).map(InvalidRoutesException.class::cast).findFirst()
                .map(FailedStart::print).orElse(false);
    }

    private static boolean print(InvalidRoutesException invalid) {
        invalid.report().lines().forEach(System.out::println);
        return true;
    }
}
