package org.ccmessaging.filestream.storage;

import java.nio.file.Path;
import java.util.Map;
import org.ccmessaging.filestream.storage.StorageSettings.Branch;
import org.ccmessaging.filestream.storage.StorageSettings.Type;

/** Settings of the three branches of the contract, for tests of a step without a service around it. */
public final class StorageOf {

    private StorageOf() {
    }

    static Branch folder(Path root, String key, boolean shared) {
        return new Branch(Type.FILESYSTEM, null, root, key, shared, null);
    }

    public static Branch bucket(String name, S3Settings own) {
        return new Branch(Type.S3, name, null, "${variable.tenantId}/${variable.objectKey}", false, own);
    }

    /** All three are this branch. */
    public static StorageSettings all(Branch branch) {
        return branches(branch, branch, branch);
    }

    public static StorageSettings branches(Branch local, Branch multimediaLibrary, Branch standard) {
        StorageSettings settings = new StorageSettings();
        settings.putAll(Map.of("local", local, "multimedia-library", multimediaLibrary, "standard", standard));
        return settings;
    }
}
