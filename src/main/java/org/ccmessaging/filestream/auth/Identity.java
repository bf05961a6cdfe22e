package org.ccmessaging.filestream.auth;

import org.apache.camel.Exchange;
import org.apache.camel.spi.UnitOfWork;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.toolkit.Customer;
import org.ccmessaging.filestream.toolkit.Variables;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the credentials of a request have proved: the app, and the customer where the operation has one. Steps that
 * decide for a customer take it from here and from nowhere else (decision 0018).
 *
 * <p>A route cannot make one, because only the steps of this package can. It cannot take that of another request
 * either: an identity counts in the exchange of its own request alone. The variables of {@link #copyTo} are copies to
 * read.
 */
public final class Identity {

    /** Name of the exchange property. */
    static final String PROPERTY = Identity.class.getName();

    private static final Logger LOG = LoggerFactory.getLogger(Identity.class);
    private static final Customer NOBODY = new Customer(null, null, null);

    private final String appKey;
    private final Customer customer;
    private final UnitOfWork request;

    private Identity(String appKey, Customer customer, UnitOfWork request) {
        this.appKey = appKey;
        this.customer = customer;
        this.request = request;
    }

    /** @param customer {@code null} if the operation has none */
    static void prove(Exchange exchange, String appKey, Customer customer) {
        Identity proved = new Identity(appKey, customer, exchange.getUnitOfWork());
        exchange.setProperty(PROPERTY, proved);
        ClientRequest.open(exchange, customer);
        proved.copyTo(exchange);
    }

    /** The identity of the exchange; {@code null} if no step has proved one for this very exchange. */
    public static Identity of(Exchange exchange) {
        return exchange.getProperty(PROPERTY) instanceof Identity proved && proved.request == exchange.getUnitOfWork()
                ? proved : null;
    }

    /**
     * The identity of an exchange that a step must not serve without one. The log names the route, because only an
     * edited route comes here without.
     *
     * @throws UnauthorizedException if no step has proved one for this very exchange
     */
    public static Identity require(Exchange exchange) {
        Identity proved = of(exchange);
        if (proved != null) {
            return proved;
        }
        LOG.warn("Route {} was refused: it has no verified customer. Step authenticate must come before, in the same"
                + " exchange: not in a copy of multicast, split, enrich, wireTap or circuitBreaker", routeOf(exchange));
        throw new UnauthorizedException("no verified customer");
    }

    private static String routeOf(Exchange exchange) {
        UnitOfWork request = exchange.getUnitOfWork();
        return request == null || request.getRoute() == null ? exchange.getFromRouteId()
                : request.getRoute().getRouteId();
    }

    /** The verified app's key. */
    public String appKey() {
        return appKey;
    }

    /** The verified customer; without any of its parts if the operation has none. */
    public Customer customer() {
        return customer == null ? NOBODY : customer;
    }

    /** Sets the variables that routes and key layouts read, whatever a route has written to them. */
    public void copyTo(Exchange exchange) {
        exchange.setVariable(Variables.APP_KEY, appKey);
        if (customer != null) {
            exchange.setVariable(Variables.CUSTOMER, customer);
            exchange.setVariable(Variables.TENANT_ID, customer.tenantId());
            exchange.setVariable(Variables.CHANNEL_ID, customer.channelId());
            exchange.setVariable(Variables.USER_ID, customer.userId());
        }
    }
}
