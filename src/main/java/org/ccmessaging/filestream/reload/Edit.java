package org.ccmessaging.filestream.reload;

import java.util.concurrent.CompletableFuture;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.routes.RouteFiles;

/**
 * A task of the worker, which ends with one result.
 *
 * @param files {@code null} if they cannot be read, or for a promotion
 * @param unreadable why they cannot be read; otherwise {@code null}
 * @param label as in {@link LiveRoutes.Served}
 * @param start when the edit was noticed, in the worker's nanoseconds
 * @param order counts edits and rollbacks as they come
 */
record Edit(Kind kind, String by, RouteFiles files, String unreadable, String label, long start, long order,
        CompletableFuture<Attempt> done) {

    static final String FILE_CHANGE = "file change";

    /** The kinds of edits. Only a check and the two loads are of the files in the folder, and wait for each other. */
    enum Kind {

        /** Changes nothing. */
        CHECK,

        LOAD,

        /** Loads without a canary. */
        ACCEPT,

        PROMOTION,

        ROLLBACK,

        /** The decision of a canary about itself. */
        VERDICT
    }

    boolean isCheck() {
        return kind == Kind.CHECK;
    }

    boolean isLoad() {
        return kind == Kind.LOAD || kind == Kind.ACCEPT;
    }

    String sha256() {
        return files == null ? null : files.sha256();
    }
}
