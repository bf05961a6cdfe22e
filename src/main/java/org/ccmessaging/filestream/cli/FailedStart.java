package org.ccmessaging.filestream.cli;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.RuntimeCamelException;
import org.ccmessaging.filestream.routes.check.CamelMessages;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.InvalidSettingReport;
import org.springframework.boot.context.config.ConfigDataException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.util.PlaceholderResolutionException;

/**
 * Reports a startup that errors in the routes stopped, with the lines that {@code routes check} prints. It also decides
 * the exit status of a startup that failed: a wrong configuration, which no further start heals, differs from a machine
 * that is not ready, such as a port in use. Spring Boot finds this class through {@code META-INF/spring.factories}.
 */
public final class FailedStart implements FailureAnalyzer {

    /** {@code EX_CONFIG} of BSD's sysexits.h; systemd calls it CONFIG. */
    public static final int CONFIGURATION = 78;

    /** Any other failure: the exit status of a Java process that ends with an exception. */
    public static final int OTHER = 1;

    private static final List<Class<? extends Throwable>> WRONG_CONFIGURATION = List.of(
            InvalidSettingException.class, InvalidRoutesException.class,
            BindException.class, ConfigDataException.class,
            InvalidConfigurationPropertyValueException.class, NoSuchSslBundleException.class,
            PlaceholderResolutionException.class);

    @Override
    public FailureAnalysis analyze(Throwable failure) {
        Optional<Throwable> invalid = causes(failure).filter(InvalidRoutesException.class::isInstance).findFirst();
        Optional<Throwable> camel = causes(failure).filter(RuntimeCamelException.class::isInstance).findFirst();
        return invalid.map(routes -> new FailureAnalysis(routes.getMessage(), "Correct the route files.", failure))
                .or(() -> camel.map(settings -> new FailureAnalysis("Camel cannot be started: "
                        + CamelMessages.text(settings), "Correct the settings below camel in config/application.yaml.",
                        failure))).orElse(null);
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    /** Returns the exit status of a startup that failed. */
    public static int status(Throwable failure) {
        boolean wrong = causes(failure).anyMatch(cause -> InvalidSettingReport.isUnnamed(cause)
                        || WRONG_CONFIGURATION.stream().anyMatch(type -> type.isInstance(cause)));
        return wrong ? CONFIGURATION : OTHER;
    }
}
