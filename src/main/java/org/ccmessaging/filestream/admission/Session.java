package org.ccmessaging.filestream.admission;

import org.apache.camel.Exchange;
import org.ccmessaging.filestream.auth.Identity;
import org.ccmessaging.filestream.toolkit.Customer;

/**
 * The session of a download, from its verified tokens. Two tokens of one user, channel and app are one session: a token
 * that was renewed or issued again brings no further permits.
 *
 * @param tenantId the tenant that the session counts for; {@code null} if the token names none
 * @param appKey the app that the session token was issued to; an app has the same share whatever its tenants are
 */
record Session(String tenantId, String channelId, String userId, String appKey) {

    private static final Session UNKNOWN = new Session(null, null, null, null);

    /** The session that step {@code authenticate} verified. Exchanges that did not pass it are one session together. */
    static Session of(Exchange exchange) {
        Identity identity = Identity.of(exchange);
        if (identity == null) {
            return UNKNOWN;
        }
        Customer customer = identity.customer();
        return new Session(customer.tenantId(), customer.channelId(), customer.userId(), identity.appKey());
    }
}
