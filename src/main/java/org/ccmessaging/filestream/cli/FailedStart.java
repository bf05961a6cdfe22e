package org.ccmessaging.filestream.cli;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.LogFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.config.ConfigDataException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.json.JsonParseException;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.PlaceholderResolutionException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * A start that failed. If errors in the routes are the reason, it prints what {@code routes check} would print, and no
 * stack trace; in a structured log all lines are the message of one event. Spring Boot finds this class through
 * {@code META-INF/spring.factories}.
 *
 * <p>The exit status tells a wrong configuration, which no further start heals, from a machine that is not ready: a
 * port that is taken, memory that is short.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class FailedStart implements SpringBootExceptionReporter {

    /** {@code EX_CONFIG} of BSD's sysexits.h; systemd calls it CONFIG. */
    public static final int CONFIGURATION = 78;

    /** Anything else; the same as of a Java process that ends with an exception. */
    public static final int OTHER = 1;

    private static final Logger LOG = LoggerFactory.getLogger(FailedStart.class);

    private static final List<Class<? extends Throwable>> WRONG_CONFIGURATION = List.of(
            InvalidSettingException.class, InvalidRoutesException.class,
            BindException.class, ConfigDataException.class, YAMLException.class,
            InvalidConfigurationPropertyValueException.class, NoSuchSslBundleException.class,
            PlaceholderResolutionException.class, JsonParseException.class);

    private final boolean structured;

    /** @param context that did not start; {@code null} if there was none yet */
    FailedStart(ConfigurableApplicationContext context) {
        // There is none where the start fails earlier, and an exception here would silence all other reports.
        this.structured = context != null && LogFormat.isStructured(context.getEnvironment());
    }

    /** Returns the exit status for a start that failed so. */
    public static int status(Throwable failure) {
        return causes(failure).anyMatch(cause -> isOfConfigurationFiles(cause)
                || WRONG_CONFIGURATION.stream().anyMatch(type -> type.isInstance(cause))) ? CONFIGURATION : OTHER;
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    /** Spring Boot has no type of its own for a location, a file or a profile that it cannot use. */
    private static boolean isOfConfigurationFiles(Throwable failure) {
        return failure instanceof IllegalStateException && Stream.of(failure.getStackTrace())
                .anyMatch(call -> call.getClassName().equals(ConfigDataEnvironmentPostProcessor.class.getName()));
    }

    @Override
    public boolean reportException(Throwable failure) {
        return causes(failure).filter(InvalidRoutesException.class::isInstance)
                .map(InvalidRoutesException.class::cast).findFirst().map(this::print).orElse(false);
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
