package org.ccmessaging.filestream.auth;

import org.apache.camel.Exchange;
import org.apache.camel.spi.UnitOfWork;
import org.apache.camel.support.ExchangeHelper;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.toolkit.Customer;
import org.ccmessaging.filestream.toolkit.Variables;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The app and the customer that the credentials of a request prove. Steps take the customer only from here (decision
 * 0018). Only the steps of this package create an identity, so a route cannot. An identity is valid only in the unit of
 * work of its request, so a route cannot use the identity of another request.
 */
public final class Identity {

    private static final String PROPERTY = Identity.class.getName();

    private static final Logger LOG = LoggerFactory.getLogger(Identity.class);

    private final String appKey;
    private final Customer customer;
    private final UnitOfWork request;

    private Identity(String appKey, Customer customer, UnitOfWork request) {
        this.appKey = appKey;
        this.customer = customer;
        this.request = request;
    }

    static void prove(Exchange exchange, String appKey, Customer customer) {
        Identity proved = new Identity(appKey, customer, exchange.getUnitOfWork());
        exchange.setProperty(PROPERTY, proved);
        proved.copyTo(exchange);
    }

    /** Returns the identity of the exchange; {@code null} if no step has proved one for this very exchange. */
    public static Identity of(Exchange exchange) {
        return exchange.getProperty(PROPERTY) instanceof Identity proved && proved.request == exchange.getUnitOfWork()
                ? proved : null;
    }

    /** Fails if this very exchange has no identity. Then an edit of the route is wrong, and the log names the route. */
    public static Identity require(Exchange exchange) {
        Identity proved = of(exchange);
        if (proved != null) {
            return proved;
        }
        throw refused(exchange, "no verified customer. Step authenticate must come before, in the same"
                + " exchange: not in a copy of multicast, split, enrich, wireTap or circuitBreaker");
    }

    /** Returns the failure of a route that runs without the result of a mandatory step. The log names the route. */
    public static UnauthorizedException refused(Exchange exchange, String reason) {
        LOG.warn("Route {} was refused: {}", ExchangeHelper.getRouteId(exchange), reason);
        return new UnauthorizedException(reason);
    }

    /** The verified app's key. */
    public String appKey() {
        return appKey;
    }

    /** The verified customer, any part of which may be {@code null}. */
    public Customer customer() {
        return customer;
    }

    /** Overwrites the variables that routes and key layouts read. The identity itself never changes. */
    public void copyTo(Exchange exchange) {
        exchange.setVariable(Variables.APP_KEY, appKey);
        exchange.setVariable(Variables.CUSTOMER, customer);
        exchange.setVariable(Variables.TENANT_ID, customer.tenantId());
        exchange.setVariable(Variables.CHANNEL_ID, customer.channelId());
        exchange.setVariable(Variables.USER_ID, customer.userId());
    }
}
