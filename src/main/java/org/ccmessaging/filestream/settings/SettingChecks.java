package org.ccmessaging.filestream.settings;

import java.net.URI;

/** Checks of settings that no annotation can express. Each exception names the key and the allowed values. */
public final class SettingChecks {

    private SettingChecks() {
    }

    /**
     * Returns the value, or {@code null} for a blank value. Some deployments set every environment variable, and leave
     * unused variables blank.
     */
    public static <T> T blankToNull(T value) {
        String text = value instanceof Secret secret ? secret.reveal() : String.valueOf(value);
        return text == null || text.isBlank() ? null : value;
    }

    /**
     * Throws {@link InvalidSettingException} for a wrong value.
     *
     * @param wrong whether the value is wrong
     * @param allowed the allowed values, as the end of a sentence
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

    /** Refuses {@code null} and values outside a range. The text {@code allowed} describes the range. */
    public static <T extends Comparable<T>> void requireBetween(
            String key, T value, T least, T most, String allowed) {
        refuseIf(value == null || value.compareTo(least) < 0 || value.compareTo(most) > 0, key, value, allowed);
    }

    /** Refuses anything but an http or https address with a host. */
    public static void requireHttp(String key, URI value) {
        refuseIf(!isHttp(value), key, value, "an http or https address, such as https://host.example.com");
    }

    /** Returns whether a value is an http or https address with a host. */
    public static boolean isHttp(URI value) {
        return value != null && value.getHost() != null && String.valueOf(value.getScheme()).matches("https?");
    }
}
