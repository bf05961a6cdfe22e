package org.ccmessaging.filestream.auth;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.toolkit.RouteStep;

/**
 * Step {@code authenticate}: verifies the tokens of a request (contract sections 2 and 6). Renews a session token that
 * expires soon.
 */
@RouteStep(leaves = "customer")
record Authenticate(TokenVerifier verifier, TokenIssuer issuer) implements Processor {

    private static final Pattern BEARER = Pattern.compile("(?i)Bearer ([^ ]+)");

    @Override
    public void process(Exchange exchange) {
        String appKey = app(exchange);
        Token session = verifier.verifySessionToken(single(exchange, ClientRequest.SESSION_TOKEN));
        if (!appKey.equals(session.appKey())) {
            throw new UnauthorizedException("session token: issued to another app");
        }
        Identity.prove(exchange, appKey, session.customer());
        issuer.renew(session).ifPresent(fresh -> ClientRequest.renewSession(exchange, fresh.value()));
    }

    /** Verifies the AccessToken and returns its app key. */
    String app(Exchange exchange) {
        String appKey = single(exchange, ClientRequest.APP_KEY);
        Matcher authorization = BEARER.matcher(single(exchange, ClientRequest.AUTHORIZATION));
        if (!authorization.matches()) {
            throw new UnauthorizedException("Authorization: not the scheme Bearer, one space and a token");
        }
        Token access = verifier.verifyAccessToken(authorization.group(1));
        if (!appKey.equals(access.appKey())) {
            throw new UnauthorizedException("AccessToken: issued to another app");
        }
        return appKey;
    }

    /** Returns the value of a mandatory header. Refuses a repeated header, because its value is a list. */
    private static String single(Exchange exchange, String name) {
        Object value = ClientRequest.header(exchange, name);
        if (value instanceof String text && !text.isBlank()) {
            return text;
        }
        throw new UnauthorizedException(name + (value == null ? ": absent" : ": blank or repeated"));
    }
}
