package org.ccmessaging.filestream.settings;

import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.support.SpringFactoriesLoader;

/**
 * Reports a wrong setting. Hides secrets, and the values of unknown keys, because an unknown key may be the misspelt
 * key of a secret.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class SettingFailures implements FailureAnalyzer {

    /** Does not match {@code filestream.storage.local.key}, the layout of a branch. */
    private static final String SECRET = ".*(secret|password|[^.]key).*";
    private static final Pattern VALUE =
            Pattern.compile("(?s)(Property: (\\S+)\\s+Value: \").*?(\"\\R\\s+(Origin|Reason):)");

    /** Returns whether a setting of the service, or its environment variable, is a secret. */
    public static boolean isSecret(String key) {
        return key.matches("(?i)(filestream|spring|server|management|aws)[._]" + SECRET);
    }

    @Override
    public FailureAnalysis analyze(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .filter(cause -> cause instanceof InvalidSettingException || cause instanceof BindException)
                .reduce((outer, inner) -> inner)
                .map(cause -> cause instanceof BindException ? ofSpringBoot(failure) : new FailureAnalysis(
                        cause.getMessage(), "Correct config/application.yaml, which explains every key and names its"
                                + " environment variable.", failure)).orElse(null);
    }

    private static FailureAnalysis ofSpringBoot(Throwable failure) {
        boolean unknownKey = Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(UnboundConfigurationPropertiesException.class::isInstance);
        return SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, (type, name, unavailable) -> { }).stream()
                .filter(analyzer -> !(analyzer instanceof SettingFailures))
                .map(analyzer -> analyzer.analyze(failure)).filter(Objects::nonNull).findFirst()
                .map(report -> new FailureAnalysis(withoutSecrets(report.getDescription(), unknownKey),
                        report.getAction(), failure)).orElse(null);
    }

    private static String withoutSecrets(String report, boolean unknownKey) {
        String shown = VALUE.matcher(report).replaceAll(value -> unknownKey
                || value.group(2).matches(SECRET + "|.*(key|\\.apps\\.).*") ? "$1(hidden)$3" : "$0");
        return InvalidSettingException.LOGIN.matcher(shown).replaceAll("//(hidden)@");
    }
}
