package org.ccmessaging.filestream.settings;

import java.security.MessageDigest;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.util.Assert;

/** A configured secret. Logs, messages and endpoints show only its length. */
public final class Secret {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[^{}]*}");

    private final String value;

    /** @throws IllegalArgumentException if {@code value} contains a placeholder whose variable is not set */
    public Secret(String value) {
        Assert.isTrue(!PLACEHOLDER.matcher(value).find(), "the variable of a placeholder in it is not set");
        this.value = value;
    }

    public String reveal() {
        return value;
    }

    /** Compares in constant time to prevent timing attacks. */
    public boolean matches(String text) {
        return MessageDigest.isEqual(DigestUtils.sha256(reveal()), DigestUtils.sha256(text));
    }

    @Override
    public String toString() {
        return "(secret, " + reveal().length() + " characters)";
    }
}
