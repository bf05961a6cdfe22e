package org.ccmessaging.filestream.settings;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.json.JsonParseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.unit.DataSize;

/**
 * Reports a start that failed because of a setting or a configuration file in one line: the key, its value (never a
 * secret's), and what is allowed. Spring Boot finds this class through {@code META-INF/spring.factories}.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InvalidSettingReport implements FailureAnalyzer {

    /** Ours, and what {@link SettingsCheck} reads of others. */
    private static final Pattern CHECKED = Pattern.compile("filestream\\..*|(management\\.)?server\\.port"
            + "|management\\.(otlp\\.tracing\\.endpoint|tracing\\.sampling\\.probability)");
    private static final String WHERE = "Set it in config/application.yaml";
    private static final String CORRECT =
            "Correct the spelling, or take it out; config/application.yaml lists every key.";
    private static final String APPS = "filestream.auth.apps";

    @Override
    public FailureAnalysis analyze(Throwable failure) {
        BrokenFileException broken = cause(failure, BrokenFileException.class);
        if (broken != null) {
            return new FailureAnalysis(broken.getMessage(), broken.action(), failure);
        }
        JsonParseException noJson = cause(failure, JsonParseException.class);
        if (noJson != null) {
            return new FailureAnalysis("SPRING_APPLICATION_JSON (or spring.application.json) is no JSON object"
                    + place(noJson) + ". It is not shown, since it may hold secrets", "Correct it. It holds settings,"
                    + " such as {\"server\": {\"port\": 8081}}.", failure);
        }
        UnknownSettingsException misspelt = cause(failure, UnknownSettingsException.class);
        if (misspelt != null) {
            return new FailureAnalysis(misspelt.getMessage(), CORRECT, failure);
        }
        InvalidSettingException invalid = cause(failure, InvalidSettingException.class);
        if (invalid != null) {
            return report(invalid, failure);
        }
        UnboundConfigurationPropertiesException unknown =
                cause(failure, UnboundConfigurationPropertiesException.class);
        if (unknown != null) {
            return unbound(unknown.getUnboundProperties(), failure);
        }
        BindException unreadable = cause(failure, BindException.class);
        if (unreadable == null || !CHECKED.matcher(unreadable.getName().toString()).matches()) {
            return null;
        }
        String key = unreadable.getName().toString();
        ConfigurationProperty property = unreadable.getProperty();
        Object value = property == null ? null : property.getValue();
        Class<?> type = unreadable.getTarget().getType().resolve(Object.class);
        return report(new InvalidSettingException(key, mayHoldSecret(key) ? "(not shown)" : value, allowed(type)),
                failure);
    }

    private static String place(JsonParseException noJson) {
        JsonLocation place = noJson.getCause() instanceof JsonProcessingException json ? json.getLocation() : null;
        return place == null ? "" : ": line " + place.getLineNr() + ", column " + place.getColumnNr();
    }

    /** Spring leaves a setting unbound if the key does not exist, but also if it has no value. */
    private static FailureAnalysis unbound(Set<ConfigurationProperty> properties, Throwable failure) {
        boolean blank = properties.stream().anyMatch(property -> String.valueOf(property.getValue()).isBlank());
        String keys = properties.stream().map(property -> property.getName().toString()).sorted()
                .collect(Collectors.joining(", "));
        return new FailureAnalysis("No such setting" + (blank ? ", or one without a value: " : ": ") + keys,
                CORRECT, failure);
    }

    private static FailureAnalysis report(InvalidSettingException invalid, Throwable failure) {
        // An environment variable would lose the spelling of an app key.
        String or = invalid.key().startsWith(APPS) ? "" : ", or in the environment as " + variable(invalid.key());
        boolean ofSpring = invalid.key().contains(".ssl.") || invalid.key().startsWith("spring.");
        String explained = ofSpring ? "" : ", which explains every key";
        return new FailureAnalysis(invalid.getMessage(), WHERE + explained + or + ".", failure);
    }

    private static String variable(String key) {
        return key.replace('-', '_').replace('.', '_').toUpperCase(Locale.ROOT);
    }

    private static boolean mayHoldSecret(String key) {
        return key.startsWith(APPS) || key.contains("secret") || key.contains("password")
                || key.contains("signing-key") || key.contains("user-id-key");
    }

    private static String allowed(Class<?> type) {
        if (type.isEnum()) {
            return "one of " + Arrays.stream(type.getEnumConstants())
                    .map(constant -> constant.toString().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", "));
        }
        if (type == int.class || type == Integer.class) {
            return "a whole number";
        }
        if (type == BigDecimal.class) {
            return "a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == Duration.class) {
            return "a duration with its unit, such as 5s or 200ms";
        }
        if (type == DataSize.class) {
            return "a size with its unit, such as 256KB or 100MB";
        }
        if (type == URI.class) {
            return "a URI, such as https://host.example.com";
        }
        return "a " + type.getSimpleName();
    }

    private static <T extends Throwable> T cause(Throwable failure, Class<T> type) {
        for (Throwable link = failure; link != null; link = link.getCause()) {
            if (type.isInstance(link)) {
                return type.cast(link);
            }
        }
        return null;
    }
}
