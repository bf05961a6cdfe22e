package org.ccmessaging.filestream.support;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts in files of tests: escapes are those of Java, and {@code (x){9}} stands for nine times x. */
public final class Escaped {

    private static final Pattern REPEATED = Pattern.compile("\\(([^()]*)\\)\\{(\\d+)}");

    private Escaped() {
    }

    public static String text(String line) {
        return REPEATED.matcher(line.translateEscapes()).replaceAll(repeated -> Matcher.quoteReplacement(
                repeated.group(1).repeat(Integer.parseInt(repeated.group(2)))));
    }
}
