package org.ccmessaging.filestream.reload;

import java.util.concurrent.CompletableFuture;
import org.ccmessaging.filestream.reload.Folder.Reading;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.routes.RouteFiles;

/**
 * A set of files that somebody wants to be active, or only checked.
 *
 * @param files {@code null} if they cannot be read
 * @param unreadable why they cannot be read; otherwise {@code null}
 * @param label as in {@link LiveRoutes.Served}
 * @param start when the edit was noticed, in the worker's nanoseconds
 * @param order counts edits and rollbacks as they come
 * @param activate whether the files are to be active if they pass
 * @param accept whether they are activated without a canary
 * @param done gets the only result
 */
record Edit(RouteFiles files, String unreadable, String by, String label, long start, long order, boolean activate,
        boolean accept, CompletableFuture<Attempt> done) {

    static final String FILE_CHANGE = "file change";

    static Edit of(RouteFiles files, String by, String label, long start, long order) {
        return new Edit(files, null, by, label, start, order, true, false, new CompletableFuture<>());
    }

    static Edit of(Reading now, String by, long start, long order, boolean activate, boolean accept) {
        return new Edit(now.files(), now.files() == null ? now.unreadable() : null, by, null, start, order,
                activate, accept,
                new CompletableFuture<>());
    }
}
