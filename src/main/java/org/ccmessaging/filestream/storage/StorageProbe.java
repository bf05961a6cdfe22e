package org.ccmessaging.filestream.storage;

import java.util.Collection;
import java.util.Map;

/** Checks whether what the service reads from is available: the branches of a type of storage, or a database. */
public interface StorageProbe {

    /**
     * The reason why a storage is down.
     *
     * @param advice what an operator can do
     */
    record Down(String reason, String advice) {
    }

    /** Returns the names that health and metrics show: branches, or another name, which contains a dot. */
    Collection<String> names();

    /** Returns {@code null} if it is up. */
    Down probe(String name);

    /** Details of its health that need no request to it. The first call makes the client. */
    default Map<String, String> known(String name) {
        return Map.of();
    }
}
