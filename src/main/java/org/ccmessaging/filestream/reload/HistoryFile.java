package org.ccmessaging.filestream.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A history in the file {@code history.json} of a folder, which is made if it does not exist. */
record HistoryFile(Path file) implements History.Store {

    /** Returns the store in a folder; {@code null} for {@code null}. */
    static History.Store in(Path folder) {
        return folder == null ? null : new HistoryFile(folder.resolve("history.json"));
    }

    @Override
    public byte[] read() throws IOException {
        return Files.exists(file) ? Files.readAllBytes(file) : null;
    }

    /** Writes a temporary file and moves it, so that a killed process leaves no half of the file. */
    @Override
    public void write(byte[] json) throws IOException {
        Files.createDirectories(file.getParent());
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            Files.write(temporary, json, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.SYNC);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
