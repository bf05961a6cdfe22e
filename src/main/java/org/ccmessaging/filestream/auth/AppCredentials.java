package org.ccmessaging.filestream.auth;

import org.apache.camel.Message;
import org.ccmessaging.filestream.auth.token.AccessToken;
import org.ccmessaging.filestream.auth.token.TokenVerifier;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.toolkit.Headers;
import org.springframework.stereotype.Component;

/** Checks the two credentials of an app, which downloadFileStream and applyToken both require. */
@Component
class AppCredentials {

    private static final String SCHEME = "Bearer ";

    private final TokenVerifier verifier;

    AppCredentials(TokenVerifier verifier) {
        this.verifier = verifier;
    }

    /**
     * Checks {@code x-app-key} and {@code Authorization} and removes them from the message.
     *
     * @return the app key
     * @throws UnauthorizedException if one of the two is not valid
     * @throws org.ccmessaging.filestream.failure.TokenKeysUnavailableException if the service cannot fetch the issuer's
     *     keys
     */
    String verify(Message message) {
        Object appKeyHeader = message.removeHeader(Headers.APP_KEY);
        Object authorization = message.removeHeader(Headers.AUTHORIZATION);
        String appKey = single(Headers.APP_KEY, appKeyHeader);
        AccessToken access = verifier.verifyAccessToken(bearer(single(Headers.AUTHORIZATION, authorization)));
        if (!appKey.equals(access.appKey())) {
            throw new UnauthorizedException("AccessToken: issued to another app");
        }
        return appKey;
    }

    /**
     * Returns the one value of a header. A repeated header arrives as a list, and a choice among its values would be a
     * guess.
     *
     * @throws UnauthorizedException if the header is absent, blank or repeated
     */
    static String single(String name, Object value) {
        if (value instanceof String text && !text.isBlank()) {
            return text;
        }
        throw new UnauthorizedException(name + (value == null ? ": absent" : ": blank or repeated"));
    }

    private static String bearer(String authorization) {
        int length = SCHEME.length();
        if (authorization.length() > length && authorization.regionMatches(true, 0, SCHEME, 0, length)
                && authorization.indexOf(' ', length) < 0) {
            return authorization.substring(length);
        }
        throw new UnauthorizedException("Authorization: not the scheme Bearer, one space and a token");
    }
}
