package org.ccmessaging.filestream.auth;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.toolkit.RouteStep;

/** Step {@code authenticate} (contract sections 2 and 6). It renews a session token that is about to expire. */
@RouteStep(description = "Checks ccmessaging-token, x-app-key and Authorization. Sets variables customer, tenantId"
        + " and appKey. Fails with 401, or with 500 if the keys that verify tokens are missing.",
        frame = true)
record Authenticate(AuthenticateApp app, TokenVerifier verifier, TokenIssuer issuer) implements Processor {

    @Override
    public void process(Exchange exchange) {
        String appKey = app.verify(exchange);
        Token session = verifier.verifySessionToken(
                AuthenticateApp.single(exchange, ClientRequest.SESSION_TOKEN));
        if (!appKey.equals(session.appKey())) {
            throw new UnauthorizedException("session token: issued to another app");
        }
        Identity.prove(exchange, appKey, session.customer());
        issuer.renew(session).ifPresent(fresh -> ClientRequest.renewSession(exchange, fresh.value()));
    }
}
