package org.ccmessaging.filestream.auth;

import org.apache.camel.Exchange;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.request.ClientRequest;
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
     * Checks {@code x-app-key} and {@code Authorization}.
     *
     * @return the app key
     * @throws UnauthorizedException if one of the two is not valid
     * @throws org.ccmessaging.filestream.failure.TokenKeysUnavailableException if the service cannot fetch the issuer's
     *     keys
     */
    String verify(Exchange exchange) {
        String appKey = single(exchange, ClientRequest.APP_KEY);
        AccessToken access = verifier.verifyAccessToken(bearer(single(exchange, ClientRequest.AUTHORIZATION)));
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
    static String single(Exchange exchange, String name) {
        Object value = ClientRequest.header(exchange, name);
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
