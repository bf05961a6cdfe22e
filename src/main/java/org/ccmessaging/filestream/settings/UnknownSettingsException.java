package org.ccmessaging.filestream.settings;

import java.util.List;

/**
 * Settings have names that the service does not know. This stops the start, and {@link InvalidSettingReport} prints it.
 */
public final class UnknownSettingsException extends RuntimeException {

    /** @param unknown each with its place and the nearest name */
    UnknownSettingsException(List<String> unknown) {
        super("No such setting: " + String.join(", ", unknown));
    }
}
