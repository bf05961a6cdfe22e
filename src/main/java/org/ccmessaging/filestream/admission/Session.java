package org.ccmessaging.filestream.admission;

import org.apache.camel.Exchange;
import org.ccmessaging.filestream.auth.Identity;
import org.ccmessaging.filestream.toolkit.Customer;

/** A customer and an app. A renewed token belongs to the same session, so renewal gives a client no more permits. */
record Session(String tenantId, String channelId, String userId, String appKey) {

    static Session of(Exchange exchange) {
        Identity identity = Identity.require(exchange);
        Customer customer = identity.customer();
        return new Session(customer.tenantId(), customer.channelId(), customer.userId(), identity.appKey());
    }
}
