package org.ccmessaging.filestream.settings;

import java.security.MessageDigest;
import org.apache.commons.codec.digest.DigestUtils;

/** A configured secret. It prints only its length, so that no log, error message or endpoint can show it. */
public class Secret {

    private final String value;

    /** @param value the secret's text; Spring binds it from the configuration */
    public Secret(String value) {
        this.value = value;
    }

    /** The secret itself. Use it, never print it. */
    public String reveal() {
        return value;
    }

    /** Compares digests in constant time, so that the response time does not show where text and secret differ. */
    public boolean matches(String text) {
        return MessageDigest.isEqual(DigestUtils.sha256(reveal()), DigestUtils.sha256(text));
    }

    /** {@code (secret, 12 characters)} */
    @Override
    public String toString() {
        return "(secret, " + reveal().length() + " characters)";
    }
}
