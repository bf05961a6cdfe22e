package org.ccmessaging.filestream.settings;

import java.security.MessageDigest;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.util.Assert;

/** A configured secret. {@link #toString} shows only the length. So logs, messages and endpoints hide the secret. */
public final class Secret {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[^{}]*}");

    private final String value;

    /**
     * @param value the secret's text; Spring binds it from the configuration
     * @throws IllegalArgumentException if Spring could not resolve a placeholder in the text. Without this exception,
     *     the placeholder itself would be the secret, and everybody can read the placeholder in the file.
     */
    public Secret(String value) {
        Assert.isTrue(!PLACEHOLDER.matcher(value).find(), "the variable of a placeholder in it is not set");
        this.value = value;
    }

    /** Returns the text of the secret. Never print this text. */
    public String reveal() {
        return value;
    }

    /** Returns whether the text is the secret. Compares digests in constant time, against timing attacks. */
    public boolean matches(String text) {
        return MessageDigest.isEqual(DigestUtils.sha256(reveal()), DigestUtils.sha256(text));
    }

    /** {@code (secret, 12 characters)} */
    @Override
    public String toString() {
        return "(secret, " + reveal().length() + " characters)";
    }
}
