package org.ccmessaging.filestream.toolkit;

import java.sql.SQLException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/**
 * Escapes characters that would break or reorder a line of output. For example, U+202E reverses the text that
 * follows. The text to escape may come from a client or a route author.
 */
public final class LogText {

    /** Marker of the audit log's lines. The logger has the marker's name. */
    public static final Marker AUDIT = MarkerFactory.getMarker("audit");

    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private LogText() {
    }

    /** Returns the text with escapes such as {@code \}{@code u2028} for U+2028; {@code null} for {@code null}. */
    public static String visible(String text) {
        return text == null ? null : UNSAFE.matcher(text).replaceAll(match ->
                match.group().chars().mapToObj(unit -> "\\\\u%04x".formatted(unit)).collect(Collectors.joining()));
    }

    /** Returns the text with escapes. Replaces all characters after the first {@code longest} by {@code ...}. */
    public static String visible(String text, int longest) {
        return visible(text == null || text.length() <= longest ? text : text.substring(0, longest) + "...");
    }

    /**
     * Returns the first line of the message of the innermost {@link SQLException}, or of {@code failure} if no cause is
     * an {@code SQLException}. Adds the root cause if the root cause is another exception.
     */
    public static String ofDatabase(Throwable failure) {
        Throwable cause = failure;
        Throwable driver = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
            driver = cause instanceof SQLException ? cause : driver;
        }
        String words = String.valueOf(driver.getMessage()).lines().findFirst().orElse("");
        return cause == driver ? words : words + " (" + cause + ")";
    }
}
