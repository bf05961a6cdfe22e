package org.ccmessaging.filestream.cli;

import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.ccmessaging.filestream.settings.InvalidSettingException;

/** Why a command could not run, in one line. */
final class Failure {

    private Failure() {
    }

    static String text(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof InvalidSettingException)) {
            cause = cause.getCause();
        }
        if (cause instanceof NoSuchFileException missing) {
            return "there is no " + missing.getFile();
        }
        if (cause instanceof NotDirectoryException file) {
            return file.getFile() + " is no folder";
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage().lines().findFirst().orElse("");
    }
}
