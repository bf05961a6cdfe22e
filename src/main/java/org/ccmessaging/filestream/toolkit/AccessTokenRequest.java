package org.ccmessaging.filestream.toolkit;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The body of tokenByAkSk (contract section 5). Either field may be {@code null} until step {@code issue-access-token}
 * has checked it.
 *
 * @param appKey the app's key
 * @param appSecret the app's secret
 * @since 0.1.0
 */
public record AccessTokenRequest(
        @JsonProperty("app_key") String appKey, @JsonProperty("app_secret") String appSecret) {

    /** Leaves the secret out, so that no log shows it. */
    @Override
    public String toString() {
        return "AccessTokenRequest[appKey=" + appKey + "]";
    }
}
