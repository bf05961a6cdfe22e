package org.ccmessaging.filestream.reload;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A set of route files could not be tried, and nothing is wrong with it: the machine has no room for the trial. */
final class NotTriedException extends RuntimeException {

    /** @param temporary the folder that the trial writes below */
    NotTriedException(Path temporary, IOException cause) {
        super("the trial cannot write in the temporary folder " + temporary + " (" + reason(cause) + "). Make room for"
                + " it there, or start the service with another folder: java -Djava.io.tmpdir=<folder>", cause);
    }

    /** The messages of these exceptions of Java are a path alone, or begin with one. */
    private static String reason(IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        return cause instanceof FileSystemException file && file.getReason() != null ? file.getReason()
                : String.valueOf(cause.getMessage());
    }
}
