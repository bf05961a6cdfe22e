package org.ccmessaging.filestream.toolkit;

import java.nio.charset.StandardCharsets;
import org.springframework.web.util.UriUtils;

/**
 * Location of a customer's file in storage.
 *
 * @param branch name of the storage branch, as in {@code filestream.storage.<branch>}
 * @param home the folder that contains {@code key}: the folder of the customer's tenant, or the fixed folder of a
 *     shared branch; empty if a shared branch has no fixed folder
 * @param key the object's key within the branch, including {@code home}
 */
public record ObjectLocation(String branch, String home, String key) {

    /**
     * Returns the key as a URL path without a leading slash. All characters except slashes and the unreserved
     * characters of RFC 3986 are escaped. Otherwise a character of the key, such as {@code ?}, could end the path.
     */
    public String urlPath() {
        return UriUtils.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
    }

    /** Prints as {@code standard/demo/a.txt}: the branch and the key within it. */
    @Override
    public String toString() {
        return branch + "/" + key;
    }
}
