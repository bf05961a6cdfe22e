package org.ccmessaging.filestream.storage;

import java.util.Map;
import org.springframework.boot.actuate.health.Health;

/**
 * Checks whether the storage of a branch is available. There is one probe for each type of storage that the service
 * itself opens. {@link BranchWatch} calls it in the background.
 */
public interface StorageProbe {

    /** The type of storage that this probe checks. */
    StorageSettings.Type type();

    /** Returns up if the storage of the branch responds, and down with a detail {@code reason} otherwise. */
    Health probe(StorageSettings.Branch branch);

    /** What the service knows of the storage of the branch without asking it, as details of its health. */
    default Map<String, String> known(StorageSettings.Branch branch) {
        return Map.of();
    }
}
