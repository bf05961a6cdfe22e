package org.ccmessaging.filestream.settings;

import java.util.Collection;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A setting has a value that the service cannot use, or a configuration file cannot be read. It stops startup, and
 * {@link InvalidSettingReport} prints it.
 */
public final class InvalidSettingException extends RuntimeException {

    private final String key;
    private final String action;

    /**
     * @param key the configuration key, such as {@code filestream.s3.max-attempts}
     * @param value the configured value, or {@code null} if it is not set; pass a {@link Secret} as it is, since it
     *     masks itself. Of an address, the message leaves out user and password.
     * @param expected what is allowed, as the end of a sentence: {@code a whole number from 1 to 10}
     */
    public InvalidSettingException(String key, Object value, String expected) {
        super(key + (value == null ? " is not set" : " = \"" + shown(value) + "\"") + ": expected " + expected);
        this.key = key;
        this.action = "Set it in config/application.yaml"
                + (key.contains(".ssl.") || key.startsWith("spring.") ? "" : ", which explains every key")
                // An environment variable would lose the spelling of an app key.
                + (key.startsWith(InvalidSettingReport.APPS) ? "" : ", or in the environment as "
                        + key.replaceAll("[-.\\[]", "_").replace("]", "").toUpperCase(Locale.ROOT)) + ".";
    }

    /** A fault that is not one of a single key. */
    InvalidSettingException(String message, String action) {
        super(message);
        this.key = "";
        this.action = action;
    }

    /** @param places returns the end of a fault's line, which says where its key was set */
    InvalidSettingException(Collection<InvalidSettingException> faults, UnaryOperator<String> places) {
        this(faults.stream().map(fault -> fault.getMessage() + places.apply(fault.key()))
                .collect(Collectors.joining("\n")), faults.stream()
                .map(InvalidSettingException::action).distinct().collect(Collectors.joining("\n")));
    }

    private static String shown(Object value) {
        return InvalidSettingReport.LOGIN.matcher(value.toString()).replaceAll("//(hidden)@");
    }

    String key() {
        return key;
    }

    String action() {
        return action;
    }
}
