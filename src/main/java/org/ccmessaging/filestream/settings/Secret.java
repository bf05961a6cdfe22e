package org.ccmessaging.filestream.settings;

import java.security.MessageDigest;
import org.apache.commons.codec.digest.DigestUtils;

/** A configured secret. Prints as its length alone, so that no log, error message or endpoint can show it. */
public final class Secret {

    private final String value;

    /** @param value the secret's text; bound from the configuration by Spring */
    public Secret(String value) {
        this.value = value;
    }

    /** The secret itself. Handle it, never print it. */
    public String reveal() {
        return value;
    }

    /** Whether the text is the secret. The time it takes shows neither the length nor the first difference. */
    public boolean matches(String text) {
        return MessageDigest.isEqual(DigestUtils.sha256(value), DigestUtils.sha256(text));
    }

    public boolean isBlank() {
        return value.isBlank();
    }

    /** {@code (secret, 12 characters)} */
    @Override
    public String toString() {
        return "(secret, " + value.length() + " characters)";
    }
}
