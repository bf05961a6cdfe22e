package org.ccmessaging.filestream.storage;

import org.apache.camel.Exchange;
import org.ccmessaging.filestream.auth.Identity;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.Variables;

/**
 * The location of the customer's file, made by step {@code resolve-key}. Steps that open a file use only this location.
 * Variable {@code location} is a copy for routes to read (decision 0018).
 */
public final class ConfinedLocation {

    static final String PROPERTY = ConfinedLocation.class.getName();

    private final ObjectLocation location;
    private final Identity identity;

    private ConfinedLocation(ObjectLocation location, Identity identity) {
        this.location = location;
        this.identity = identity;
    }

    static void confine(Exchange exchange, ObjectLocation location, Identity identity) {
        exchange.setProperty(PROPERTY, new ConfinedLocation(location, identity));
        exchange.setVariable(Variables.LOCATION, location);
    }

    /** Returns the location; {@code null} if step {@code resolve-key} made no location for the exchange's customer. */
    public static ObjectLocation of(Exchange exchange) {
        return exchange.getProperty(PROPERTY) instanceof ConfinedLocation confined
                && confined.identity == Identity.of(exchange) ? confined.location : null;
    }

    /** @throws UnauthorizedException if {@link #of} returns {@code null} */
    public static ObjectLocation require(Exchange exchange) {
        Identity.require(exchange);
        ObjectLocation location = of(exchange);
        if (location == null) {
            throw Identity.refused(exchange, "no location that step resolve-key made. It must come before");
        }
        return location;
    }
}
