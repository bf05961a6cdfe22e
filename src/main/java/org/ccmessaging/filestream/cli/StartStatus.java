package org.ccmessaging.filestream.cli;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.config.ConfigDataException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.json.JsonParseException;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.util.PlaceholderResolutionException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What the process returns when the service does not start. Who runs it can tell a wrong configuration, which no
 * further start heals, from a machine that is not ready: a port that is taken, memory that is short.
 */
public final class StartStatus {

    /** {@code EX_CONFIG} of BSD's sysexits.h; systemd calls it CONFIG. */
    public static final int CONFIGURATION = 78;

    /** Anything else; the same as of a Java process that ends with an exception. */
    public static final int OTHER = 1;

    private static final List<Class<? extends Throwable>> WRONG_CONFIGURATION = List.of(
            InvalidSettingException.class, InvalidRoutesException.class,
            BindException.class, ConfigDataException.class, YAMLException.class,
            InvalidConfigurationPropertyValueException.class, NoSuchSslBundleException.class,
            PlaceholderResolutionException.class, JsonParseException.class);

    private StartStatus() {
    }

    /** The exit status for a start that failed so. */
    public static int of(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> WRONG_CONFIGURATION.stream().anyMatch(type -> type.isInstance(cause))
                        || isOfConfigurationFiles(cause)) ? CONFIGURATION : OTHER;
    }

    /** Spring Boot has no type of its own for a location, a file or a profile that it cannot use. */
    private static boolean isOfConfigurationFiles(Throwable failure) {
        return failure instanceof IllegalStateException && Stream.of(failure.getStackTrace())
                .anyMatch(call -> call.getClassName().equals(ConfigDataEnvironmentPostProcessor.class.getName()));
    }
}
