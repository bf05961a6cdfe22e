package org.ccmessaging.filestream.admission;

import org.apache.camel.Exchange;
import org.ccmessaging.filestream.toolkit.Customer;
import org.ccmessaging.filestream.toolkit.Variables;

/**
 * Whose download it is, as the verified tokens say. Two tokens of one user, channel and app are one session: a token
 * that was renewed or issued again brings no further permits.
 *
 * @param tenantId the tenant that the session counts for; {@code null} if the token names none
 * @param appKey the app that the session token was issued to; an app has the same share whatever its tenants are
 */
record Session(String tenantId, String channelId, String userId, String appKey) {

    private static final Customer UNKNOWN = new Customer(null, null, null);

    /** The session that step {@code authenticate} verified. Exchanges that did not pass it are one session together. */
    static Session of(Exchange exchange) {
        Customer customer = exchange.getVariable(Variables.CUSTOMER, UNKNOWN, Customer.class);
        return new Session(customer.tenantId(), customer.channelId(), customer.userId(),
                exchange.getVariable(Variables.APP_KEY, String.class));
    }
}
