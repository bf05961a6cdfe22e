package org.ccmessaging.filestream.admission;

import org.apache.camel.Exchange;
import org.ccmessaging.filestream.auth.Identity;
import org.ccmessaging.filestream.toolkit.Customer;

/**
 * The session of a download, from verified tokens. All tokens with the same tenant, channel, user and app belong to the
 * same session. So a client does not get more permits with a renewed token.
 *
 * @param tenantId {@code null} if the token names no tenant
 * @param appKey the app that the session token was issued to
 */
record Session(String tenantId, String channelId, String userId, String appKey) {

    /** Returns the session that step {@code authenticate} has verified. */
    static Session of(Exchange exchange) {
        Identity identity = Identity.require(exchange);
        Customer customer = identity.customer();
        return new Session(customer.tenantId(), customer.channelId(), customer.userId(), identity.appKey());
    }
}
