package org.ccmessaging.filestream.settings;

import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.json.JsonParseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import tools.jackson.core.JacksonException;

/**
 * Reports a setting or a configuration file that stopped startup: the key, its value (never a secret's), and what is
 * allowed, in one line. Spring Boot reports its own errors that name a key and show no secret. It finds this class
 * through {@code META-INF/spring.factories}.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InvalidSettingReport implements FailureAnalyzer {

    static final String APPS = "filestream.auth.apps";
    static final String CORRECT = "Correct the spelling, or take it out; config/application.yaml lists every key.";

    /** The user and the password of an address. */
    static final Pattern LOGIN = Pattern.compile("//[^/@]*@");

    /** The keys of secrets. */
    static final Pattern SECRET = Pattern.compile(Pattern.quote(APPS)
            + ".*|.*(secret|password|signing-key|user-id-key).*");

    private static final Pattern CONFIG_TREE = Pattern.compile("Config tree location '(.*)' must end with '/'");

    @Override
    public FailureAnalysis analyze(Throwable failure) {
        // The binder wraps what the records throw.
        return first(failure, InvalidSettingException.class)
                .or(() -> first(failure, JsonParseException.class).map(InvalidSettingReport::noJson))
                .or(() -> first(failure, UnboundConfigurationPropertiesException.class)
                        .map(InvalidSettingReport::unbound))
                .or(() -> first(failure, BindException.class).flatMap(InvalidSettingReport::secret))
                .or(() -> first(failure, UncheckedIOException.class).flatMap(InvalidSettingReport::unreadable))
                .or(() -> first(failure, IllegalStateException.class).flatMap(InvalidSettingReport::configTree))
                .map(report -> new FailureAnalysis(report.getMessage(), report.action(), failure)).orElse(null);
    }

    private static <T extends Throwable> Optional<T> first(Throwable failure, Class<T> type) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).filter(type::isInstance)
                .map(type::cast).findFirst();
    }

    private static InvalidSettingException noJson(JsonParseException failure) {
        String place = failure.getCause() instanceof JacksonException json && json.getLocation() != null
                ? ": line " + json.getLocation().getLineNr() + ", column " + json.getLocation().getColumnNr() : "";
        return new InvalidSettingException("SPRING_APPLICATION_JSON (or spring.application.json) is no JSON object"
                + place + ". It is not shown, since it may hold secrets",
                "Correct it. It holds settings, such as {\"server\": {\"port\": 8081}}.");
    }

    /** Spring leaves a setting unbound if the key does not exist, and also if it has no value. */
    private static InvalidSettingException unbound(UnboundConfigurationPropertiesException failure) {
        boolean blank = failure.getUnboundProperties().stream()
                .anyMatch(property -> String.valueOf(property.getValue()).isBlank());
        return new InvalidSettingException("No such setting" + (blank ? ", or one without a value: " : ": ")
                + failure.getUnboundProperties().stream().map(property -> property.getName().toString()).sorted()
                        .collect(Collectors.joining(", ")), CORRECT);
    }

    /** A value of another type than the setting's. Spring Boot's own report would show a secret. */
    private static Optional<InvalidSettingException> secret(BindException failure) {
        String key = failure.getName().toString();
        String value = failure.getProperty() == null ? "" : String.valueOf(failure.getProperty().getValue());
        return SECRET.matcher(key).matches() || LOGIN.matcher(value).find()
                ? Optional.of(new InvalidSettingException(key, "(not shown)", "a value of another kind"))
                : Optional.empty();
    }

    private static Optional<InvalidSettingException> unreadable(UncheckedIOException failure) {
        return failure.getCause() instanceof FileSystemException file ? Optional.of(new InvalidSettingException(
                failure.getMessage() + ": " + file.getMessage(),
                "Put the file itself there, and let the user of the service read it.")) : Optional.empty();
    }

    private static Optional<InvalidSettingException> configTree(IllegalStateException failure) {
        Matcher location = CONFIG_TREE.matcher(String.valueOf(failure.getMessage()));
        return location.matches() ? Optional.of(new InvalidSettingException("spring.config.import", "configtree:"
                + location.group(1), "configtree:" + location.group(1) + "/, with a slash at the end"))
                : Optional.empty();
    }
}
