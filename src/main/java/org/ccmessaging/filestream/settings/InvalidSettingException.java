package org.ccmessaging.filestream.settings;

import java.util.Locale;

/**
 * A setting has a value that the service cannot use, or a configuration file cannot be read. This stops the start, and
 * {@link InvalidSettingReport} prints it.
 */
public final class InvalidSettingException extends RuntimeException {

    private final String key;
    private final String value;
    private final String expected;
    private final String action;

    /**
     * @param key the configuration key, such as {@code filestream.s3.max-attempts}
     * @param value the configured value, or {@code null} if it is not set; pass a {@link Secret} as it is, since it
     *     masks itself
     * @param expected what is allowed, as the end of a sentence: {@code a whole number from 1 to 10}
     */
    public InvalidSettingException(String key, Object value, String expected) {
        super(key + (value == null ? " is not set" : " = \"" + printable(value) + "\"") + ": expected " + expected);
        this.key = key;
        this.value = value == null ? null : printable(value);
        this.expected = expected;
        this.action = "Set it in config/application.yaml"
                + (key.contains(".ssl.") || key.startsWith("spring.") ? "" : ", which explains every key")
                // An environment variable would lose the spelling of an app key.
                + (key.startsWith(InvalidSettingReport.APPS) ? "" : ", or in the environment as "
                        + key.replace('-', '_').replace('.', '_').toUpperCase(Locale.ROOT)) + ".";
    }

    /** A failure that is not one of a single key. */
    InvalidSettingException(String message, String action) {
        super(message);
        this.key = null;
        this.value = null;
        this.expected = null;
        this.action = action;
    }

    /** Hides user and password, which an address may carry before its host. */
    private static String printable(Object value) {
        return value.toString().replaceAll("//[^/@]*@", "//(hidden)@");
    }

    /** The configuration key. */
    public String key() {
        return key;
    }

    /** The configured value, masked if it is a secret; {@code null} if it is not set. */
    public String value() {
        return value;
    }

    /** What is allowed, as the end of a sentence. */
    public String expected() {
        return expected;
    }

    /** What to do. */
    String action() {
        return action;
    }
}
