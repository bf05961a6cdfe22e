package org.ccmessaging.filestream.support;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files that this process has open. */
public final class OpenFiles {

    private OpenFiles() {
    }

    /** Those of a folder. */
    public static List<Path> below(Path folder) throws IOException {
        List<Path> open = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    Path target = Files.readSymbolicLink(descriptor);
                    if (target.startsWith(folder)) {
                        open.add(target);
                    }
                } catch (NoSuchFileException closed) {
                    // Another thread has closed it since the folder was listed.
                }
            }
        }
        return open;
    }
}
