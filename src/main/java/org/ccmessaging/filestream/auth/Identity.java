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
 * The verified app and customer of a request. Only this package creates identities (decision 0018). An identity is
 * valid only in one unit of work, so that a route cannot use the identity of another request.
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

    /** Returns the identity; {@code null} if step {@code authenticate} has not run in the exchange's unit of work. */
    public static Identity of(Exchange exchange) {
        return exchange.getProperty(PROPERTY) instanceof Identity proved && proved.request == exchange.getUnitOfWork()
                ? proved : null;
    }

    /** Returns the identity. Logs and throws if {@link #of} returns {@code null}. */
    public static Identity require(Exchange exchange) {
        Identity proved = of(exchange);
        if (proved != null) {
            return proved;
        }
        throw refused(exchange, "no verified customer. Step authenticate must come before, in the same"
                + " exchange: not in a copy of multicast, split, enrich, wireTap or circuitBreaker");
    }

    /** Logs a mistake in the route, and returns the exception for the caller to throw. */
    public static UnauthorizedException refused(Exchange exchange, String reason) {
        LOG.warn("Route {} was refused: {}", ExchangeHelper.getRouteId(exchange), reason);
        return new UnauthorizedException(reason);
    }

    public String appKey() {
        return appKey;
    }

    /** Returns the verified customer, whose fields may be {@code null}. */
    public Customer customer() {
        return customer;
    }

    /** Sets the exchange variables to the values of the identity, even if a route has changed the variables. */
    public void copyTo(Exchange exchange) {
        exchange.setVariable(Variables.APP_KEY, appKey);
        exchange.setVariable(Variables.CUSTOMER, customer);
        exchange.setVariable(Variables.TENANT_ID, customer.tenantId());
        exchange.setVariable(Variables.CHANNEL_ID, customer.channelId());
        exchange.setVariable(Variables.USER_ID, customer.userId());
    }
}
