package org.ccmessaging.filestream.storage;

import java.util.Map;

/** Checks whether the storage of a branch is available. Each type of storage that the service opens has a probe. */
public interface StorageProbe {

    /** The type of storage that this probe checks; {@code null} if it checks the catalogue of the library. */
    StorageSettings.Type type();

    /**
     * Returns the reason why the storage of a branch is down; {@code null} if it is up.
     *
     * @param name the name of the branch
     * @param branch {@code null} for the catalogue
     */
    String probe(String name, StorageSettings.Branch branch);

    /** Details of the health of the branch of that name that need no request to its storage. */
    default Map<String, String> known(String name) {
        return Map.of();
    }
}
