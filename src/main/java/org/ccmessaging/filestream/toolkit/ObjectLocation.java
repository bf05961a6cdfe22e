package org.ccmessaging.filestream.toolkit;

import java.nio.charset.StandardCharsets;
import org.springframework.web.util.UriUtils;

/**
 * Location of a customer's file in storage.
 *
 * @param branch name of the storage branch, as in {@code filestream.storage.<branch>}
 * @param home the tenant's folder; if keys contain no tenant, the constant folder of all keys, or an empty text
 * @param key the object's key within the branch, including {@code home}
 */
public record ObjectLocation(String branch, String home, String key) {

    /** Returns the key as an escaped URL path (RFC 3986), without a leading slash. Slashes are not escaped. */
    public String urlPath() {
        return UriUtils.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
    }

    @Override
    public String toString() {
        return branch + "/" + key;
    }
}
