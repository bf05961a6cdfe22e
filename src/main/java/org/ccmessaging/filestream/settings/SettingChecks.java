package org.ccmessaging.filestream.settings;

import java.net.URI;
import java.time.Duration;

/** Checks that the settings of several rooms share. Each failure names the key and what is allowed. */
public final class SettingChecks {

    private SettingChecks() {
    }

    /**
     * Returns the value, or {@code null} if it is blank. A deployment that passes on every variable leaves the unused
     * ones blank.
     */
    public static String blankToNull(String value) {
        return value == null || value.isBlank() ? null : value;
    }

    /** Returns the secret, or {@code null} if it is blank. */
    public static Secret blankToNull(Secret value) {
        return value == null || value.isBlank() ? null : value;
    }

    /** Returns the address, or {@code null} if it is blank. */
    public static URI blankToNull(URI value) {
        return value == null || value.toString().isBlank() ? null : value;
    }

    /** @throws InvalidSettingException if the value is {@code null} or blank */
    public static void requireText(String key, String value) {
        if (blankToNull(value) == null) {
            throw new InvalidSettingException(key, value, "a text that is not blank");
        }
    }

    /** @throws InvalidSettingException if the value is less than {@code least} or more than {@code most} */
    public static void requireRange(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new InvalidSettingException(key, value, "a whole number from " + least + " to " + most);
        }
    }

    /** @throws InvalidSettingException if the value is {@code null}, zero or negative */
    public static void requirePositive(String key, Duration value) {
        if (value == null || value.isNegative() || value.isZero()) {
            throw new InvalidSettingException(key, value, "a duration of more than 0, such as 5s");
        }
    }

    /** @throws InvalidSettingException if the value is no http or https address with a host */
    public static void requireHttp(String key, URI value) {
        if (!isHttp(value)) {
            throw new InvalidSettingException(key, value,
                    "an http or https address, such as https://host.example.com");
        }
    }

    /** Whether the value is an http or https address with a host. */
    static boolean isHttp(URI value) {
        boolean http = value != null && ("http".equals(value.getScheme()) || "https".equals(value.getScheme()));
        return http && value.getHost() != null;
    }
}
