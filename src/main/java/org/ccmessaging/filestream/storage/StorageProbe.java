package org.ccmessaging.filestream.storage;

import java.util.Collection;
import java.util.Map;

/** Checks the availability of storages: the branches of one type, or a database. */
public interface StorageProbe {

    /** The reason why a storage is down, and what an operator can do. */
    record Down(String reason, String advice) {
    }

    /** Returns the names for health and metrics: the name of each branch, or a name with a dot for a database. */
    Collection<String> names();

    /** Returns why the storage is down; {@code null} if it is up. */
    Down probe(String name);

    /** Returns health details that need no request to the storage. The first call may create a client. */
    default Map<String, String> known(String name) {
        return Map.of();
    }
}
