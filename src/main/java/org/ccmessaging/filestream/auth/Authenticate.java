package org.ccmessaging.filestream.auth;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.auth.token.SessionToken;
import org.ccmessaging.filestream.auth.token.TokenIssuer;
import org.ccmessaging.filestream.auth.token.TokenVerifier;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.Steps;
import org.springframework.stereotype.Component;

/**
 * Step {@code authenticate}: checks the three credentials (contract sections 2 and 6), proves the
 * {@link Identity} of the request and sets its variables. It removes the credentials from the message, so that no later
 * step, log or response can carry them. A session whose token is about to expire gets a fresh token in header
 * {@code ccmessaging-token}.
 */
@Component(Steps.AUTHENTICATE)
public class Authenticate implements Processor {

    private final AppCredentials appCredentials;
    private final TokenVerifier verifier;
    private final TokenIssuer issuer;

    Authenticate(AppCredentials appCredentials, TokenVerifier verifier, TokenIssuer issuer) {
        this.appCredentials = appCredentials;
        this.verifier = verifier;
        this.issuer = issuer;
    }

    /**
     * @throws UnauthorizedException if one of the three credentials is not valid
     * @throws org.ccmessaging.filestream.failure.TokenKeysUnavailableException if the service cannot fetch the issuer's
     *     keys
     */
    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        Object sessionToken = message.removeHeader(Headers.SESSION_TOKEN);
        String appKey = appCredentials.verify(message);
        SessionToken session = verifier.verifySessionToken(
                AppCredentials.single(Headers.SESSION_TOKEN, sessionToken));
        if (!appKey.equals(session.appKey())) {
            throw new UnauthorizedException("session token: issued to another app");
        }
        Identity.prove(exchange, appKey, session.customer());
        issuer.renew(session).ifPresent(fresh -> message.setHeader(Headers.SESSION_TOKEN, fresh.value()));
    }
}
