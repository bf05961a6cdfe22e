package org.ccmessaging.filestream.contract;

import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Stages;

/** Files of a folder. {@code OpenFileTest} changes and replaces them while they are read. */
@Stages.Concurrent
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
