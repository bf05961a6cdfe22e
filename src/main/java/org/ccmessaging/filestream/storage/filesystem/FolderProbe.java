package org.ccmessaging.filestream.storage.filesystem;

import java.nio.file.Files;
import org.ccmessaging.filestream.storage.StorageProbe;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.springframework.boot.actuate.health.Health;
import org.springframework.stereotype.Component;

/** A branch of type {@code filesystem} is up while the service can read its folder. */
@Component
final class FolderProbe implements StorageProbe {

    @Override
    public StorageSettings.Type type() {
        return StorageSettings.Type.FILESYSTEM;
    }

    @Override
    public Health probe(StorageSettings.Branch branch) {
        boolean readable = Files.isDirectory(branch.root()) && Files.isReadable(branch.root());
        return readable ? Health.up().build()
                : Health.down().withDetail("reason", "no readable folder at " + branch.root().toAbsolutePath()).build();
    }
}
