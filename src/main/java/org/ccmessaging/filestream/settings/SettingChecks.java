package org.ccmessaging.filestream.settings;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/** Checks that the settings of several packages share. Each failure names the key and what is allowed. */
public final class SettingChecks {

    private SettingChecks() {
    }

    /**
     * Returns the value, or {@code null} if it is blank. A deployment that passes on every variable leaves the unused
     * ones blank.
     */
    public static <T> T blankToNull(T value) {
        String text = value instanceof Secret secret ? secret.reveal() : String.valueOf(value);
        return text == null || text.isBlank() ? null : value;
    }

    /**
     * Refuses a value.
     *
     * @param wrong whether the service cannot use the value
     * @param allowed as in {@link InvalidSettingException}
     */
    public static void refuseIf(boolean wrong, String key, Object value, String allowed) {
        if (wrong) {
            throw new InvalidSettingException(key, value, allowed);
        }
    }

    /** Refuses {@code null} and blank text. */
    public static void requireText(String key, String value) {
        refuseIf(blankToNull(value) == null, key, value, "a text that is not blank");
    }

    /** Refuses {@code null} and numbers outside a range. */
    public static void requireRange(String key, Integer value, int least, int most) {
        requireBetween(key, value, least, most, "a whole number from " + least + " to " + most);
    }

    /** Refuses {@code null} and durations outside a range, whose ends are as in a configuration file: {@code 100ms}. */
    public static void requireDuration(String key, Duration value, String least, String most) {
        requireBetween(key, value, DurationStyle.SIMPLE.parse(least), DurationStyle.SIMPLE.parse(most),
                "a duration from " + least + " to " + most);
    }

    /** Refuses {@code null} and sizes outside a range, whose ends are as in a configuration file: {@code 64MB}. */
    public static void requireSize(String key, DataSize value, String least, String most) {
        requireBetween(key, value, DataSize.parse(least), DataSize.parse(most),
                "a size from " + least + " to " + most);
    }

    /** Refuses {@code null}, zero and negative durations. */
    public static void requirePositive(String key, Duration value) {
        requireBetween(key, value, Duration.ofNanos(1), value, "a duration of more than 0, such as 5s");
    }

    /** Refuses {@code null} and values outside a range, which {@code allowed} describes. */
    public static <T extends Comparable<T>> void requireBetween(
            String key, T value, T least, T most, String allowed) {
        refuseIf(value == null || value.compareTo(least) < 0 || value.compareTo(most) > 0, key, value, allowed);
    }

    /** Refuses anything but an http or https address with a host. */
    public static void requireHttp(String key, URI value) {
        requireHttp(key, value, "https://host.example.com");
    }

    static void requireHttp(String key, URI value, String example) {
        refuseIf(value == null || value.getHost() == null || !String.valueOf(value.getScheme()).matches("https?"),
                key, value, "an http or https address, such as " + example);
    }
}
