package org.ccmessaging.filestream.routes.check;

import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Says what Camel throws in one line of an author's words. */
final class Failures {

    private static final Pattern PACKAGES = Pattern.compile("\\b(?:[a-z_][\\w]*\\.)+([A-Z]\\w*)");
    private static final Pattern OBJECT = Pattern.compile("@[0-9a-f]{5,}");
    private static final Pattern NOISE = Pattern.compile("(?i)^(java\\.lang\\.)?\\w*Exception: ");

    /** Maximum length of a text, and of a chain of causes. */
    private static final int LONGEST = 200;

    private Failures() {
    }

    /** An exception and its causes, from the outer to the inner. */
    static Stream<Throwable> of(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(LONGEST);
    }

    /** The outermost exception of a type; {@code null} if there is none. */
    static <T extends Throwable> T find(Throwable failure, Class<T> type) {
        return of(failure).filter(type::isInstance).map(type::cast).findFirst().orElse(null);
    }

    /** The message of the innermost cause, in one line and without packages. */
    static String text(Throwable failure) {
        Throwable root = of(failure).reduce((outer, inner) -> inner).orElse(failure);
        String message = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        String first = NOISE.matcher(message.lines().findFirst().orElse("")).replaceFirst("");
        String line = OBJECT.matcher(PACKAGES.matcher(first).replaceAll("$1")).replaceAll("").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
