package org.ccmessaging.filestream.storage;

import java.util.Map;
import org.ccmessaging.filestream.storage.StorageSettings.Branch;

/** Settings of the three branches of the contract, for tests of a step without a service around it. */
public final class StorageOf {

    private StorageOf() {
    }

    /** All three are this branch. */
    public static StorageSettings all(Branch branch) {
        return branches(branch, branch, branch);
    }

    /** Each has its own. */
    public static StorageSettings branches(Branch local, Branch multimediaLibrary, Branch standard) {
        StorageSettings settings = new StorageSettings();
        settings.putAll(Map.of("local", local, "multimedia-library", multimediaLibrary, "standard", standard));
        return settings;
    }
}
