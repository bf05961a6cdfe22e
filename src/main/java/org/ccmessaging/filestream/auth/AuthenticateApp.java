package org.ccmessaging.filestream.auth;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.toolkit.RouteStep;

/** Step {@code authenticate-app} of applyToken: checks the credentials of an app and proves its {@link Identity}. */
@RouteStep(description = "Checks x-app-key and Authorization. Fails with 401, or with 500 if the keys that verify"
        + " tokens are missing.",
        frame = true)
record AuthenticateApp(TokenVerifier verifier) implements Processor {

    private static final Pattern BEARER = Pattern.compile("(?i)Bearer ([^ ]+)");

    @Override
    public void process(Exchange exchange) {
        Identity.prove(exchange, verify(exchange), null);
    }

    String verify(Exchange exchange) {
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

    /** Refuses a repeated header, which arrives as a list: a choice among its values would be a guess. */
    static String single(Exchange exchange, String name) {
        Object value = ClientRequest.header(exchange, name);
        if (value instanceof String text && !text.isBlank()) {
            return text;
        }
        throw new UnauthorizedException(name + (value == null ? ": absent" : ": blank or repeated"));
    }
}
