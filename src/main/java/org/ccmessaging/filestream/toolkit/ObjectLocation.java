package org.ccmessaging.filestream.toolkit;

import java.nio.charset.StandardCharsets;
import org.springframework.web.util.UriUtils;

/**
 * Location of a customer's file in storage.
 *
 * @param branch name of the storage branch, as in {@code filestream.storage.<branch>}
 * @param home the folder that {@code key} never leaves: that of the customer's tenant, or the fixed folder of a shared
 *     branch; empty if a shared branch has none
 * @param key the object's key within the branch, {@code home} included
 */
public record ObjectLocation(String branch, String home, String key) {

    /**
     * Returns the key as the path of a URL, without a leading slash. It escapes all characters except slashes and the
     * unreserved characters of RFC 3986, so that no character of a customer ends the path.
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
