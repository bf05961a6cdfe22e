package org.ccmessaging.filestream.reload;

import java.time.Duration;
import java.util.Optional;
import org.ccmessaging.filestream.routes.RouteFiles;

/** The folder of routes. {@link #latest} and {@link #read} are thread-safe; only the worker calls the others. */
interface Folder {

    /** Time that a folder may be incomplete or silent. Editors, Git and Kubernetes take less. */
    Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * @param files {@code null} if they cannot be read
     * @param sha256 of the route files; {@code null} if they cannot be loaded
     * @param unreadable reason why they cannot be loaded; {@code null} if they can
     * @param quiet whether the reading before found the same files
     */
    record Reading(RouteFiles files, String sha256, String unreadable, boolean quiet) {

        static Reading failed(String reason) {
            return new Reading(null, null, reason, false);
        }
    }

    /** Returns the latest reading, without access to the folder. */
    Reading latest();

    /** @param longest time to wait for a folder that does not respond */
    Reading read(Duration longest);

    /**
     * Returns the files of a change, as soon as two readings in a row have found them. A folder that cannot be read,
     * one without route files, and an empty file are no change yet.
     */
    Optional<RouteFiles> change();

    /** @param files those that do not count as a change; {@code null}: any files are a change */
    void settle(RouteFiles files);
}
