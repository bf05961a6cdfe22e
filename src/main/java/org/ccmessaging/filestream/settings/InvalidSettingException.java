package org.ccmessaging.filestream.settings;

import java.util.regex.Pattern;

/** A setting has a value that the service cannot use. Startup stops, and {@link SettingFailures} reports it. */
public final class InvalidSettingException extends RuntimeException {

    /** The user and the password of an address. */
    static final Pattern LOGIN = Pattern.compile("//[^/@]*@");

    /**
     * @param key the configuration key, such as {@code filestream.s3.max-attempts}
     * @param value the configured value; {@code null} if no value is set. A {@link Secret} masks itself. The message
     *     hides the user and the password of an address.
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
