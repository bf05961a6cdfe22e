package org.ccmessaging.filestream.storage;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.Collection;
import org.springframework.stereotype.Component;

/** Reports a branch of type {@code filesystem} as up while the service can read the folder of the branch. */
@Component
record FolderProbe(StorageSettings branches) implements StorageProbe {

    @Override
    public Collection<String> names() {
        return branches.ofType(StorageSettings.Type.FILESYSTEM);
    }

    @Override
    public Down probe(String name) {
        Path root = branches.named(name).root().toAbsolutePath();
        Down missing = new Down("no readable folder at " + root, "Set filestream.storage." + name
                + ".root to a folder that the service's user can read");
        // Checks that the path is a folder before the open: an open of a FIFO would wait for a writer.
        try (DirectoryStream<Path> folder = Files.isDirectory(root) ? Files.newDirectoryStream(root) : null) {
            return folder == null ? missing : folder instanceof SecureDirectoryStream ? null
                    : new Down("this system cannot open files relative to a folder's handle: " + root,
                            "Use a file system of Linux");
        } catch (IOException unreadable) {
            return missing;
        }
    }
}
