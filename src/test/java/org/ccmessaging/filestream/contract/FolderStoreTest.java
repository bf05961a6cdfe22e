package org.ccmessaging.filestream.contract;

import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Stages;
import org.junit.jupiter.api.extension.ExtendWith;

/** Files of a folder. {@code OpenFileTest} changes and replaces them while they are read. */
@ExtendWith(Stages.class)
class FolderStoreTest extends StoreContract {

    @Override
    Api api() {
        return Stages.filesystem().api();
    }

    @Override
    void put(String key, byte[] content) {
        Stages.filesystem().putAt("standard", key, content);
    }
}
