package org.ccmessaging.filestream.auth;

import org.apache.camel.Exchange;
import org.apache.camel.impl.engine.DefaultUnitOfWork;
import org.ccmessaging.filestream.toolkit.Customer;

/** Exchanges of tests whose customer counts as verified, as if step {@code authenticate} had run. */
public final class Proved {

    private Proved() {
    }

    /** Proves customer alice of the tenant, of app {@code demo-app}. */
    public static void tenant(Exchange exchange, String tenantId) {
        customer(exchange, new Customer(tenantId, "web", "alice"));
    }

    /** Proves the customer, of app {@code demo-app}. */
    public static void customer(Exchange exchange, Customer customer) {
        if (exchange.getUnitOfWork() == null) {
            // An identity counts for its own unit of work alone. The route that gets the exchange continues in it.
            exchange.getExchangeExtension().setUnitOfWork(new DefaultUnitOfWork(exchange));
        }
        Identity.prove(exchange, "demo-app", customer);
    }
}
