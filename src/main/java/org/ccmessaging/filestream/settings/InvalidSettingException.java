package org.ccmessaging.filestream.settings;

import java.util.regex.Pattern;

/** The service cannot use the value of a setting. Startup stops, and {@link SettingFailures} reports the setting. */
public final class InvalidSettingException extends RuntimeException {

    /** The user and the password in an address. */
    static final Pattern LOGIN = Pattern.compile("//[^/@]*@");

    /**
     * @param key the configuration key, such as {@code filestream.s3.max-attempts}
     * @param value the configured value; {@code null} if no value is set. A {@link Secret} masks itself. The message
     *     hides the user and the password in an address.
     * @param expected the allowed values, as the end of a sentence: {@code a whole number from 1 to 10}
     */
    public InvalidSettingException(String key, Object value, String expected) {
        this(key + (value == null ? " is not set"
                : " = \"" + LOGIN.matcher(value.toString()).replaceAll("//(hidden)@") + "\"")
                + ": expected " + expected);
    }

    InvalidSettingException(String message) {
        super(message);
    }
}
