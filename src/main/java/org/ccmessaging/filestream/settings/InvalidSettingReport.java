package org.ccmessaging.filestream.settings;

import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.support.SpringApplicationJsonEnvironmentPostProcessor;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.core.JacksonException;

/**
 * Reports settings and configuration files that stopped startup, without a stack trace: for each fault a line with the
 * key, its value (never a secret's), what is allowed and where it was set. Spring Boot finds this class through
 * {@code META-INF/spring.factories}.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class InvalidSettingReport implements FailureAnalyzer {

    static final String APPS = "filestream.auth.apps";
    static final String CORRECT = "Correct the spelling, or take it out; config/application.yaml lists every key.";

    /** The user and the password of an address. */
    static final Pattern LOGIN = Pattern.compile("//[^/@]*@");

    /** The keys of secrets. */
    static final Pattern SECRET = Pattern.compile(Pattern.quote(APPS)
            + ".*|.*(secret|password|signing-key|user-id-key).*");

    /** General exceptions that Spring Boot throws for a wrong file, location, JSON text or log setting. */
    private static final List<Class<? extends Throwable>> UNNAMED = List.of(YAMLException.class,
            UncheckedIOException.class, IllegalStateException.class, IllegalArgumentException.class);
    private static final List<String> READERS = Stream.of(ConfigDataEnvironmentPostProcessor.class,
            SpringApplicationJsonEnvironmentPostProcessor.class, LoggingApplicationListener.class)
            .map(Class::getName).toList();

    @Override
    public FailureAnalysis analyze(Throwable failure) {
        return first(failure, InvalidSettingException.class)
                .or(() -> first(failure, UncheckedIOException.class).flatMap(InvalidSettingReport::unreadable))
                .or(() -> isUnnamed(failure) ? Optional.of(new InvalidSettingException(words(failure), "Correct the"
                        + " file, the variable or the argument. A file is YAML in UTF-8, and indents with spaces."))
                        : Optional.empty())
                .map(report -> new FailureAnalysis(report.getMessage(), report.action(), failure)).orElse(null);
    }

    private static <T extends Throwable> Optional<T> first(Throwable failure, Class<T> type) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).filter(type::isInstance)
                .map(type::cast).findFirst();
    }

    private static Optional<InvalidSettingException> unreadable(UncheckedIOException failure) {
        return failure.getCause() instanceof FileSystemException file ? Optional.of(new InvalidSettingException(
                failure.getMessage() + ": " + file.getMessage(),
                "Put the file itself there, and let the user of the service read it.")) : Optional.empty();
    }

    /** Returns whether Spring Boot could not read its configuration, or could not set up the log as configured. */
    public static boolean isUnnamed(Throwable failure) {
        return UNNAMED.stream().anyMatch(type -> type.isInstance(failure))
                && Stream.of(failure.getStackTrace()).anyMatch(call -> READERS.contains(call.getClassName()));
    }

    /** Leaves out the text that a parser quotes, since it may hold secrets. */
    private static String words(Throwable failure) {
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
        if (cause instanceof JacksonException json) {
            return "SPRING_APPLICATION_JSON (or spring.application.json) is no JSON object: line "
                    + json.getLocation().getLineNr() + ", column " + json.getLocation().getColumnNr();
        }
        if (cause instanceof MarkedYAMLException yaml && yaml.getProblemMark() != null) {
            return "A configuration file is no YAML: line " + (yaml.getProblemMark().getLine() + 1) + ", column "
                    + (yaml.getProblemMark().getColumn() + 1) + ": " + yaml.getProblem();
        }
        return cause instanceof CharacterCodingException ? "A configuration file is not UTF-8"
                : "The configuration cannot be read: " + failure.getMessage().lines().findFirst().orElse("")
                        + (cause == failure ? "" : ": " + cause.getMessage());
    }
}
