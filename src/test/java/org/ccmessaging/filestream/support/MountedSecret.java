package org.ccmessaging.filestream.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/**
 * A folder as Kubernetes mounts a Secret: the files are links through {@code ..data}, a link to a folder with the
 * files. An update makes a new folder, swaps the link in one step, and removes the old folder (AtomicWriter in
 * Kubernetes' source).
 */
public final class MountedSecret {

    private final Path folder;
    private Path current;
    private int updates;

    public MountedSecret(Path folder, Map<String, String> files) throws IOException {
        this.folder = Files.createDirectories(folder);
        update(files);
        for (String name : files.keySet()) {
            Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
        }
    }

    public void update(Map<String, String> files) throws IOException {
        Path old = current;
        current = Files.createDirectory(folder.resolve("..2026_" + ++updates));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(current.resolve(file.getKey()), file.getValue());
        }
        Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), current.getFileName());
        Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        if (old != null) {
            FileSystemUtils.deleteRecursively(old);
        }
    }

    public String file(String name) {
        return folder.resolve(name).toString();
    }
}
