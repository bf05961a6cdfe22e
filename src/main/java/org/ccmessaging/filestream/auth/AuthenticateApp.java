package org.ccmessaging.filestream.auth;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.toolkit.RouteStep;

/** Step {@code authenticate-app} of applyToken: checks the app's two credentials and proves its {@link Identity}. */
@RouteStep(description = "Checks x-app-key and Authorization. Fails with 401, or with 500 without the keys that"
        + " verify tokens.",
        leaves = "app")
public class AuthenticateApp implements Processor {

    private final AppCredentials appCredentials;

    AuthenticateApp(AppCredentials appCredentials) {
        this.appCredentials = appCredentials;
    }

    /**
     * @throws org.ccmessaging.filestream.failure.UnauthorizedException if one of the two credentials is not valid
     * @throws org.ccmessaging.filestream.failure.TokenKeysUnavailableException if the service cannot fetch the issuer's
     *     keys
     */
    @Override
    public void process(Exchange exchange) {
        Identity.prove(exchange, appCredentials.verify(exchange), null);
    }
}
