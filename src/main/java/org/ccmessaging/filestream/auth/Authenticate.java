package org.ccmessaging.filestream.auth;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.stereotype.Component;

/**
 * Step {@code authenticate}: checks the three credentials (contract sections 2 and 6) and leaves who asks as variables
 * {@code customer} and {@code tenantId}. The credentials leave the message first, so that no later step, log or
 * response can carry them.
 */
@Component("authenticate")
public class Authenticate implements Processor {

    static final String SESSION_TOKEN = "ccmessaging-token";
    static final String APP_KEY = "x-app-key";
    static final String AUTHORIZATION = "Authorization";
    private static final String SCHEME = "Bearer ";

    private final Tokens tokens;

    Authenticate(Tokens tokens) {
        this.tokens = tokens;
    }

    /**
     * @throws UnauthorizedException where any of the three does not hold
     * @throws org.ccmessaging.filestream.failure.TokenKeysUnavailableException where that cannot be known
     */
    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        Object sessionToken = message.removeHeader(SESSION_TOKEN);
        String appKey = verifyApp(message);
        Jwt session = tokens.verifySessionToken(single(SESSION_TOKEN, sessionToken));
        if (!appKey.equals(session.getClaimAsString("azp"))) {
            throw new UnauthorizedException("session token: issued to another app");
        }
        Customer customer = new Customer(session.getClaimAsString("tenantId"),
                session.getClaimAsString("channelId"), session.getClaimAsString("userId"));
        exchange.setVariable("customer", customer);
        exchange.setVariable("tenantId", customer.tenantId());
        Jwt fresh = tokens.renew(session);
        if (fresh != null) {
            message.setHeader(SESSION_TOKEN, fresh.getTokenValue());
        }
    }

    /**
     * Checks the two credentials of the app and takes them off the message.
     *
     * @return the app key
     * @throws UnauthorizedException where one of the two does not hold
     */
    String verifyApp(Message message) {
        Object appKeyHeader = message.removeHeader(APP_KEY);
        Object authorization = message.removeHeader(AUTHORIZATION);
        String appKey = single(APP_KEY, appKeyHeader);
        Jwt access = tokens.verifyAccessToken(bearer(single(AUTHORIZATION, authorization)));
        if (!appKey.equals(access.getSubject())) {
            throw new UnauthorizedException("AccessToken: issued to another app");
        }
        return appKey;
    }

    /** A repeated header arrives as a list: which of its values should hold would be a guess. */
    private static String single(String name, Object value) {
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
