package org.ccmessaging.filestream.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.RuntimeCamelException;
import org.ccmessaging.filestream.routes.check.CamelMessages;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.FileSystemResource;
import org.springframework.util.PlaceholderResolutionException;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import tools.jackson.core.JacksonException;

/**
 * Reports startup failures that Spring Boot reports without the names of settings, or not at all. A wrong
 * configuration has its own exit status, because a restart does not fix the configuration.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
public final class FailedStart implements FailureAnalyzer {

    /** Exit status for a wrong configuration: {@code EX_CONFIG} in BSD's sysexits.h, CONFIG in systemd. */
    public static final int CONFIGURATION = 78;

    /** Exit status for any other failure, as for a Java process that ends with an exception. */
    public static final int OTHER = 1;

    private static final List<Class<? extends Throwable>> WRONG_CONFIGURATION = List.of(
            InvalidSettingException.class, InvalidRoutesException.class,
            BindException.class, ConfigDataException.class,
            InvalidConfigurationPropertyValueException.class, PlaceholderResolutionException.class);

    @Override
    public FailureAnalysis analyze(Throwable failure) {
        return report(failure, InvalidRoutesException.class::isInstance, Throwable::getMessage,
                "Correct the route files.")
                .or(() -> report(failure, RuntimeCamelException.class::isInstance, camel -> "Camel cannot be started: "
                        + CamelMessages.text(camel), "Correct the settings below camel in config/application.yaml."))
                .or(() -> report(failure, PortInUseException.class::isInstance, port -> "Port "
                        + ((PortInUseException) port).getPort() + " is in use.", "Stop the process that listens on it,"
                        + " or choose another port: server.port (SERVER_PORT) of the API, or management.server.port"
                        + " (MANAGEMENT_SERVER_PORT) of health, metrics and the console."))
                .or(() -> report(failure, FailedStart::isOfTls, FailedStart::withCause, "Correct the files, the"
                        + " passwords and the settings below server.ssl, management.server.ssl or spring.ssl.bundle."))
                .or(() -> report(failure, FailedStart::isOfTheEnvironment, FailedStart::unreadable, "Correct the file,"
                        + " the variable or the argument. A file is YAML in UTF-8, and indents with spaces."))
                .orElse(null);
    }

    private static Optional<FailureAnalysis> report(Throwable failure, Predicate<Throwable> isReported,
            Function<Throwable, String> description, String action) {
        return causes(failure).filter(isReported).findFirst()
                .map(cause -> new FailureAnalysis(description.apply(cause), action, failure));
    }

    private static String withCause(Throwable failure) {
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
        return failure.getMessage() + (cause == failure ? "" : ": " + cause.getMessage());
    }

    /** Describes an unreadable configuration. Omits text that a parser quotes, because the text may contain secrets. */
    private static String unreadable(Throwable failure) {
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
        if (cause instanceof JacksonException json) {
            return "SPRING_APPLICATION_JSON (or spring.application.json) is no JSON object: line "
                    + json.getLocation().getLineNr() + ", column " + json.getLocation().getColumnNr();
        }
        if (cause instanceof MarkedYAMLException yaml && yaml.getProblemMark() != null) {
            return file(yaml) + " is no YAML: line " + (yaml.getProblemMark().getLine() + 1) + ", column "
                    + (yaml.getProblemMark().getColumn() + 1) + ": " + yaml.getProblem();
        }
        return cause instanceof CharacterCodingException ? file(cause) + " is not UTF-8"
                : "The configuration cannot be read: " + failure.getMessage();
    }

    /** Finds the configuration file that fails with this cause, because Spring Boot does not name the file. */
    private static String file(Throwable cause) {
        try (Stream<Path> files = Files.walk(Path.of("config"), 2)) {
            return files.filter(file -> file.toString().matches(".*\\.ya?ml") && failure(file).equals(cause.toString()))
                    .map(Path::toString).findFirst().orElse("A configuration file");
        } catch (IOException noFolder) {
            return "A configuration file";
        }
    }

    private static String failure(Path file) {
        try {
            new YamlPropertySourceLoader().load(file.toString(), new FileSystemResource(file));
            return "";
        } catch (Exception unreadable) {
            return NestedExceptionUtils.getMostSpecificCause(unreadable).toString();
        }
    }

    /** Returns whether Spring Boot could not read its configuration, or could not set up the log as configured. */
    private static boolean isOfTheEnvironment(Throwable failure) {
        return Stream.of(failure.getStackTrace()).anyMatch(call -> call.getMethodName().equals("prepareEnvironment")
                && call.getClassName().equals(SpringApplication.class.getName())
                // Commands call environment post-processors without SpringApplication.
                || call.getClassName().endsWith("EnvironmentPostProcessor"));
    }

    private static boolean isOfTls(Throwable failure) {
        return failure.getStackTrace().length > 0
                && failure.getStackTrace()[0].getClassName().startsWith("org.springframework.boot.ssl.");
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    /** Returns the exit status of a failed startup. */
    public static int status(Throwable failure) {
        boolean wrong = isOfTheEnvironment(failure) || causes(failure).anyMatch(cause -> isOfTls(cause)
                || WRONG_CONFIGURATION.stream().anyMatch(type -> type.isInstance(cause)));
        // A route may fail because a server or a folder is missing. Then the next startup may succeed.
        boolean ofRoute = causes(failure).anyMatch(FailedToStartRouteException.class::isInstance);
        return wrong && !ofRoute ? CONFIGURATION : OTHER;
    }
}
