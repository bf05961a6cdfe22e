package org.ccmessaging.filestream.toolkit;

import java.util.regex.Pattern;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/**
 * Makes text of a client fit for a log that people read. The text stays on its line and reads in its own order: control
 * characters, line and paragraph separators, and format characters such as U+202E, which turns what follows around,
 * become escapes.
 *
 * @since 0.2.0
 */
public final class LogText {

    /** The marker of lines that say who did what. Their logger has the same name. */
    public static final Marker AUDIT = MarkerFactory.getMarker("audit");

    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private LogText() {
    }

    /** @return the text with {@code \}{@code u2028} in place of U+2028, and so on; {@code null} for {@code null} */
    public static String visible(String text) {
        return text == null || isPlain(text) ? text : UNSAFE.matcher(text).replaceAll(match -> escape(match.group()));
    }

    /** Spares the pattern nearly every text. Each download has six in its line, which cost 1 % of its CPU. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each < ' ' || each > '~') {
                return false;
            }
        }
        return true;
    }

    /** Returns the first {@code longest} characters with escapes, and {@code ...} if the text has more. */
    public static String visible(String text, int longest) {
        return visible(text == null || text.length() <= longest ? text : text.substring(0, longest) + "...");
    }

    private static String escape(String unsafe) {
        StringBuilder escapes = new StringBuilder();
        unsafe.chars().forEach(unit -> escapes.append("\\\\u%04x".formatted(unit)));
        return escapes.toString();
    }
}
