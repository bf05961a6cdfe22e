package org.ccmessaging.filestream.cli;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.InvalidSettingReport;
import org.springframework.boot.context.config.ConfigDataException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.util.PlaceholderResolutionException;

/**
 * Reports a startup that errors in the routes stopped, with the lines that {@code routes check} prints. It also decides
 * the exit status of a startup that failed: a wrong configuration, which no further start heals, differs from a machine
 * that is not ready, such as a port in use. Spring Boot finds this class through {@code META-INF/spring.factories}.
 */
public final class FailedStart extends AbstractFailureAnalyzer<InvalidRoutesException> {

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
    protected FailureAnalysis analyze(Throwable failure, InvalidRoutesException invalid) {
        return new FailureAnalysis(String.join("\n", invalid.report().lines()),
                "Correct the route files. `routes explain CODE` explains a rule.", failure);
    }

    /** Returns the exit status of a startup that failed. */
    public static int status(Throwable failure) {
        boolean wrong = Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> InvalidSettingReport.isUnnamed(cause)
                        || WRONG_CONFIGURATION.stream().anyMatch(type -> type.isInstance(cause)));
        return wrong ? CONFIGURATION : OTHER;
    }
}
