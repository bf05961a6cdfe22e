package org.ccmessaging.filestream.settings;

import java.util.Locale;
import java.util.regex.Pattern;

/** The spellings of one setting: Spring takes {@code my.access-key}, {@code my.acc-esskey} and {@code MY_ACCESSKEY}. */
public final class Spelling {

    private static final Pattern OTHERS = Pattern.compile("[^a-z0-9]");

    private Spelling() {
    }

    /** The letters and digits of a key, in lower case: the same for all of its spellings. */
    public static String flat(String key) {
        // Spring looks for environment variables in upper case, which makes an I of a dotless i.
        return OTHERS.matcher(key.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT)).replaceAll("");
    }
}
