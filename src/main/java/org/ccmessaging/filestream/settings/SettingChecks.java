package org.ccmessaging.filestream.settings;

import java.net.URI;

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

    /** Refuses {@code null} and values outside the range. */
    public static <T extends Comparable<T>> void requireBetween(
            String key, T value, T least, T most, String allowed) {
        refuseIf(value == null || value.compareTo(least) < 0 || value.compareTo(most) > 0, key, value, allowed);
    }

    public static void requireHttp(String key, URI value) {
        refuseIf(!isHttp(value), key, value, "an http or https address, such as https://host.example.com");
    }

    public static boolean isHttp(URI value) {
        return value != null && value.getHost() != null && String.valueOf(value.getScheme()).matches("https?");
    }
}
