package org.ccmessaging.filestream.storage;

import org.springframework.boot.actuate.health.Health;

/** Asks the storage of a branch whether it answers. There is one probe for each type of storage. */
public interface StorageProbe {

    /** The type of storage that this probe knows. */
    StorageSettings.Type type();

    /** Up where the storage of the branch answers; down with a detail {@code reason} otherwise. */
    Health probe(StorageSettings.Branch branch);
}
