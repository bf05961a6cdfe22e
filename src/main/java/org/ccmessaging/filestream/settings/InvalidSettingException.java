package org.ccmessaging.filestream.settings;

/** A setting whose value cannot be used. It stops the start; {@link InvalidSettingReport} prints it. */
public final class InvalidSettingException extends RuntimeException {

    private final String key;
    private final String value;
    private final String expected;

    /**
     * @param key the configuration key, {@code filestream.s3.max-attempts}
     * @param value what it was set to, or {@code null} where it is not set; give a {@link Secret} as it is
     * @param expected what is allowed, as the end of a sentence: {@code a whole number from 1 to 10}
     */
    public InvalidSettingException(String key, Object value, String expected) {
        super(key + (value == null ? " is not set" : " = \"" + printable(value) + "\"") + ": expected " + expected);
        this.key = key;
        this.value = value == null ? null : printable(value);
        this.expected = expected;
    }

    /** An address may carry a user and a password before its host. */
    private static String printable(Object value) {
        return value.toString().replaceAll("//[^/@]*@", "//(hidden)@");
    }

    public String key() {
        return key;
    }

    /** What the key was set to, a secret masked; {@code null} where it is not set. */
    public String value() {
        return value;
    }

    public String expected() {
        return expected;
    }
}
