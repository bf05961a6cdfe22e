package org.ccmessaging.filestream.routes.check;

import java.util.regex.Pattern;
import org.springframework.core.NestedExceptionUtils;

/** Shortens exceptions of Camel to one line for authors of routes. */
public final class CamelMessages {

    private static final Pattern PACKAGES = Pattern.compile("\\b(?:[a-z_][\\w]*\\.)+([A-Z]\\w*)");
    private static final Pattern OBJECT = Pattern.compile("@[0-9a-f]{5,}");
    private static final Pattern NOISE = Pattern.compile("(?i)^(java\\.lang\\.)?\\w*Exception: ");
    private static final int LONGEST = 200;

    private CamelMessages() {
    }

    /** Returns the first line of the innermost cause's message, without packages. */
    public static String text(Throwable failure) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
        String message = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        String first = NOISE.matcher(message.lines().findFirst().orElse("")).replaceFirst("");
        String line = OBJECT.matcher(PACKAGES.matcher(first).replaceAll("$1")).replaceAll("").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }

    /** Returns what to do about a part that Camel does not find; {@code null} for another failure. */
    static String hint(Throwable failure) {
        return text(failure).contains("on the classpath")
                ? "it needs a connector in lib/: docs/editing-routes.md#connectors" : null;
    }
}
