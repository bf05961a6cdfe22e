package org.ccmessaging.filestream.storage;

import org.apache.camel.Exchange;
import org.ccmessaging.filestream.auth.Identity;
import org.ccmessaging.filestream.auth.Proved;
import org.ccmessaging.filestream.toolkit.ObjectLocation;

/** Exchanges of tests that may open a file, as if step {@code resolve-key} had run. */
public final class Confined {

    private Confined() {
    }

    /** Confines a location to the tenant whose folder it is in. */
    public static void to(Exchange exchange, ObjectLocation location) {
        Proved.tenant(exchange, location.home());
        ConfinedLocation.confine(exchange, location, Identity.of(exchange));
    }
}
