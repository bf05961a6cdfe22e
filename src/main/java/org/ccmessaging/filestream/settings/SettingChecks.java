package org.ccmessaging.filestream.settings;

import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/** Checks of settings, with exceptions that name the key and the allowed values. */
public final class SettingChecks {

    private SettingChecks() {
    }

    /** Returns {@code null} for a blank value, because some deployments set unused variables to a blank text. */
    public static <T> T blankToNull(T value) {
        String text = value instanceof Secret secret ? secret.reveal() : String.valueOf(value);
        return text == null || text.isBlank() ? null : value;
    }

    /** @throws InvalidSettingException if {@code wrong} is true; the message ends with {@code allowed} */
    public static void refuseIf(boolean wrong, String key, Object value, String allowed) {
        if (wrong) {
            throw new InvalidSettingException(key, value, allowed);
        }
    }

    public static void requireText(String key, String value) {
        refuseIf(blankToNull(value) == null, key, value, "a text that is not blank");
    }

    /** @param written the value as the configuration has it, for the message */
    static void requireBetween(String key, Object value, Object written, Between range) {
        boolean inside = value instanceof DataSize size
                ? isBetween(size, DataSize.parse(range.min()), DataSize.parse(range.max()))
                : isBetween((Duration) value, DurationStyle.detectAndParse(range.min()),
                        DurationStyle.detectAndParse(range.max()))
                        && value.equals(((Duration) value).truncatedTo(ChronoUnit.MILLIS));
        refuseIf(!inside, key, written, "a " + (value instanceof DataSize ? "size" : "duration in whole milliseconds")
                + " from " + range.min() + " to " + range.max());
    }

    private static <T extends Comparable<T>> boolean isBetween(T value, T min, T max) {
        return value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
    }

    public static void requireHttp(String key, URI value) {
        refuseIf(!isHttp(value), key, value, "an http or https address, such as https://host.example.com");
    }

    public static boolean isHttp(URI value) {
        return value != null && value.getHost() != null && String.valueOf(value.getScheme()).matches("https?");
    }
}
