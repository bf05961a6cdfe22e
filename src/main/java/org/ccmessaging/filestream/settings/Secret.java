package org.ccmessaging.filestream.settings;

import java.security.MessageDigest;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.util.Assert;

/** A configured secret. It prints only its length, so that no log, error message or endpoint can show it. */
public final class Secret {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[^{}]*}");

    private final String value;

    /**
     * @param value the secret's text; Spring binds it from the configuration
     * @throws IllegalArgumentException if a placeholder in the text could not be resolved. Otherwise the text of the
     *     placeholder, which everybody can read in the file, would be the secret.
     */
    public Secret(String value) {
        Assert.isTrue(!PLACEHOLDER.matcher(value).find(), "the variable of a placeholder in it is not set");
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
