package org.ccmessaging.filestream.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
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
import org.springframework.util.unit.DataSize;

/**
 * Reports a start that failed because of a setting or a configuration file in one line: the key, its value (never a
 * secret's), and what is allowed. Errors of Spring Boot that name a key stay as they are. Spring Boot finds this class
 * through {@code META-INF/spring.factories}.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InvalidSettingReport implements FailureAnalyzer {

    static final String APPS = "filestream.auth.apps";
    static final String CORRECT = "Correct the spelling, or take it out; config/application.yaml lists every key.";

    /** Ours, and what {@link SettingsCheck} reads of others. */
    private static final Pattern CHECKED = Pattern.compile("filestream\\..*|(management\\.)?server\\.port"
            + "|management\\.(otlp\\.tracing\\.endpoint|tracing\\.sampling\\.probability)");

    private static final Pattern SECRET = Pattern.compile(Pattern.quote(APPS)
            + ".*|.*(secret|password|signing-key|user-id-key).*");

    private static final Pattern CONFIG_TREE = Pattern.compile("Config tree location '(.*)' must end with '/'");

    private static final Map<Class<?>, String> ALLOWED = Map.of(
            int.class, "a whole number", Integer.class, "a whole number", BigDecimal.class, "a number",
            boolean.class, "true or false", Boolean.class, "true or false",
            Duration.class, "a duration with its unit, such as 5s or 200ms",
            DataSize.class, "a size with its unit, such as 256KB or 100MB",
            URI.class, "a URI, such as https://host.example.com");

    @Override
    public FailureAnalysis analyze(Throwable failure) {
        // The binder wraps what the records throw.
        return first(failure, InvalidSettingException.class)
                .or(() -> first(failure, JsonParseException.class).map(InvalidSettingReport::noJson))
                .or(() -> first(failure, UnboundConfigurationPropertiesException.class)
                        .map(InvalidSettingReport::unbound))
                .or(() -> first(failure, BindException.class).flatMap(InvalidSettingReport::unreadable))
                .or(() -> first(failure, IllegalStateException.class).flatMap(InvalidSettingReport::configTree))
                .map(report -> new FailureAnalysis(report.getMessage(), report.action(), failure)).orElse(null);
    }

    private static <T extends Throwable> Optional<T> first(Throwable failure, Class<T> type) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).filter(type::isInstance)
                .map(type::cast).findFirst();
    }

    private static InvalidSettingException noJson(JsonParseException failure) {
        String place = failure.getCause() instanceof JsonProcessingException json && json.getLocation() != null
                ? ": line " + json.getLocation().getLineNr() + ", column " + json.getLocation().getColumnNr() : "";
        return new InvalidSettingException("SPRING_APPLICATION_JSON (or spring.application.json) is no JSON object"
                + place + ". It is not shown, since it may hold secrets",
                "Correct it. It holds settings, such as {\"server\": {\"port\": 8081}}.");
    }

    /** Spring leaves a setting unbound if the key does not exist, but also if it has no value. */
    private static InvalidSettingException unbound(UnboundConfigurationPropertiesException failure) {
        boolean blank = failure.getUnboundProperties().stream()
                .anyMatch(property -> String.valueOf(property.getValue()).isBlank());
        return new InvalidSettingException("No such setting" + (blank ? ", or one without a value: " : ": ")
                + failure.getUnboundProperties().stream().map(property -> property.getName().toString()).sorted()
                        .collect(Collectors.joining(", ")), CORRECT);
    }

    private static Optional<InvalidSettingException> unreadable(BindException failure) {
        String key = failure.getName().toString();
        Object value = failure.getProperty() == null ? null : failure.getProperty().getValue();
        Class<?> type = failure.getTarget().getType().resolve(Object.class);
        String allowed = type.isEnum() ? "one of " + Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.toString().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", "))
                : ALLOWED.getOrDefault(type, "a " + type.getSimpleName());
        return CHECKED.matcher(key).matches() ? Optional.of(new InvalidSettingException(key,
                SECRET.matcher(key).matches() ? "(not shown)" : value, allowed)) : Optional.empty();
    }

    private static Optional<InvalidSettingException> configTree(IllegalStateException failure) {
        Matcher location = CONFIG_TREE.matcher(String.valueOf(failure.getMessage()));
        return location.matches() ? Optional.of(new InvalidSettingException("spring.config.import", "configtree:"
                + location.group(1), "configtree:" + location.group(1) + "/, with a slash at the end"))
                : Optional.empty();
    }
}
