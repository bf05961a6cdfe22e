package org.ccmessaging.filestream.cli;

import java.util.Objects;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.settings.LogFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Prints what {@code routes check} would print when errors in the routes stop the start, and no stack trace. In a
 * structured log all lines are the message of one event. Spring Boot finds this class through
 * {@code META-INF/spring.factories}.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class FailedStart implements SpringBootExceptionReporter {

    private static final Logger LOG = LoggerFactory.getLogger(FailedStart.class);

    private final boolean structured;

    /** @param context that did not start; {@code null} if there was none yet */
    FailedStart(ConfigurableApplicationContext context) {
        // There is none where the start fails earlier, and an exception here would silence all other reports.
        this.structured = context != null && LogFormat.isStructured(context.getEnvironment());
    }

    @Override
    public boolean reportException(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .filter(InvalidRoutesException.class::isInstance).map(InvalidRoutesException.class::cast).findFirst()
                .map(this::print).orElse(false);
    }

    private boolean print(InvalidRoutesException invalid) {
        if (structured) {
            LOG.error("{}", String.join("\n", invalid.report().lines()));
        } else {
            invalid.report().lines().forEach(System.out::println);
        }
        return true;
    }
}
