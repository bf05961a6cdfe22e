package org.ccmessaging.filestream.settings;

import java.util.Locale;

/**
 * A setting has a value that the service cannot use, or a configuration file cannot be read. It stops startup, and
 * {@link InvalidSettingReport} prints it.
 */
public final class InvalidSettingException extends RuntimeException {

    private final String action;

    /**
     * @param key the configuration key, such as {@code filestream.s3.max-attempts}
     * @param value the configured value, or {@code null} if it is not set; pass a {@link Secret} as it is, since it
     *     masks itself. Of an address, the message leaves out user and password.
     * @param expected what is allowed, as the end of a sentence: {@code a whole number from 1 to 10}
     */
    public InvalidSettingException(String key, Object value, String expected) {
        this(key + (value == null ? " is not set" : " = \"" + shown(value) + "\"") + ": expected " + expected,
                "Set it in config/application.yaml"
                        + (key.contains(".ssl.") || key.startsWith("spring.") ? "" : ", which explains every key")
                        // An environment variable would lose the spelling of an app key.
                        + (key.startsWith(InvalidSettingReport.APPS) ? "" : ", or in the environment as "
                                + key.replaceAll("[-.\\[]", "_").replace("]", "").toUpperCase(Locale.ROOT)) + ".");
    }

    /** A failure that is not one of a single key. */
    InvalidSettingException(String message, String action) {
        super(message);
        this.action = action;
    }

    private static String shown(Object value) {
        return InvalidSettingReport.LOGIN.matcher(value.toString()).replaceAll("//(hidden)@");
    }

    String action() {
        return action;
    }
}
