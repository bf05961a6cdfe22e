package org.ccmessaging.filestream.brake;

import org.apache.commons.codec.digest.DigestUtils;
import org.ccmessaging.filestream.toolkit.LogText;

/**
 * Who guesses: the key under which the brake counts.
 *
 * @param where what the secret is for
 * @param network where the guesses come from
 * @param name whose secret is guessed; {@code null} for all names together
 */
record Source(GuessBrake.Where where, String network, String name) {

    /** Longest text that the brake keeps or prints as it is, in characters. A client's text may have 64 KiB. */
    private static final int LONGEST = 64;

    static Source of(GuessBrake.Where where, String network, String name) {
        return new Source(where, shortened(network), name == null ? null : shortened(name));
    }

    /** A digest, because texts that differ after the 64th character are different names. */
    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : DigestUtils.sha256Hex(text);
    }

    static String printable(String text) {
        String start = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
        return LogText.visible(start);
    }
}
