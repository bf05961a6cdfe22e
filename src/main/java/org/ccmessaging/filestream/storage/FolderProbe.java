package org.ccmessaging.filestream.storage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.springframework.stereotype.Component;

/** Reports a branch of type {@code filesystem} as up while its folder is readable. */
@Component
record FolderProbe(StorageSettings branches) implements StorageProbe {

    @Override
    public Collection<String> names() {
        return branches.ofType(StorageSettings.Type.FILESYSTEM);
    }

    @Override
    public Down probe(String name) {
        Path root = branches.named(name).root().toAbsolutePath();
        return Files.isDirectory(root) && Files.isReadable(root) ? null
                : new Down("no readable folder at " + root, "Set filestream.storage." + name
                        + ".root to a folder that the service's user can read");
    }
}
