package org.ccmessaging.filestream.toolkit;

import org.apache.camel.Exchange;

/**
 * The address that a request came from. It is an exchange property that the HTTP edge sets, so no header of a client
 * can name it.
 *
 * @since 0.2.0
 */
public final class ClientAddress {

    /** Name of the exchange property. */
    public static final String PROPERTY = "clientAddress";

    private ClientAddress() {
    }

    /**
     * Returns the address of the peer, or the one that a trusted proxy names; {@code null} if no HTTP request started
     * the exchange.
     */
    public static String of(Exchange exchange) {
        return exchange.getProperty(PROPERTY, String.class);
    }
}
