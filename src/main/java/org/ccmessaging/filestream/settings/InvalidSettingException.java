package org.ccmessaging.filestream.settings;

import java.util.regex.Pattern;

/** Stops startup because of a wrong setting. {@link SettingFailures} reports the setting. */
public final class InvalidSettingException extends RuntimeException {

    /** The user and the password in an address. */
    static final Pattern LOGIN = Pattern.compile("//[^/@]*@");

    /**
     * @param value {@code null} if not set; the message hides the user and password of an address
     * @param expected the end of the message, such as {@code a whole number from 1 to 10}
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
