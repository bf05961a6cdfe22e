package org.ccmessaging.filestream.storage;

import java.util.Collection;
import java.util.Map;

/** Checks whether what the service reads from is available: the branches of a type of storage, or a database. */
public interface StorageProbe {

    /** Returns the names that health and metrics show: branches, or another name, which contains a dot. */
    Collection<String> names();

    /** Returns the reason why it is down; {@code null} if it is up. */
    String probe(String name);

    /** Details of its health that need no request to it. */
    default Map<String, String> known(String name) {
        return Map.of();
    }
}
