package org.ccmessaging.filestream.auth;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.springframework.stereotype.Component;

/**
 * Step {@code authenticate-app} of applyToken: checks the app's two credentials and leaves its key as {@code appKey}.
 */
@Component("authenticateApp")
public class AuthenticateApp implements Processor {

    private final Authenticate authenticate;

    AuthenticateApp(Authenticate authenticate) {
        this.authenticate = authenticate;
    }

    /** @throws UnauthorizedException where one of the two does not hold */
    @Override
    public void process(Exchange exchange) {
        exchange.setVariable("appKey", authenticate.verifyApp(exchange.getMessage()));
    }
}
