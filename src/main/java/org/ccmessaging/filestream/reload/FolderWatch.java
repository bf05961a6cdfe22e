package org.ccmessaging.filestream.reload;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.toolkit.PeriodicTasks;

/**
 * Reads the folder of routes regularly and compares the bytes of its files, which are few and small. That works for
 * editors that write in place or rename, for Git, for file systems without events (NFS), and for the link that
 * Kubernetes swaps.
 *
 * <p>Only the thread of this class reads the folder, because a mount can hang. {@link #latest} and {@link #read} are
 * thread-safe; only the worker calls {@link #change} and {@link #settle}.
 */
class FolderWatch implements AutoCloseable {

    /** Time that a folder may be incomplete or silent. Editors, Git and Kubernetes take less. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Time between two readings: the quiet that must follow a change. */
    static final Duration INTERVAL = Duration.ofMillis(250);

    private final Path folder;
    private final Consumer<String> unreadable;
    private final LongSupplier nanoTime;
    private final PeriodicTasks thread = new PeriodicTasks("route-files", 1);

    private volatile Reading latest = Reading.failed("the service starts");
    private volatile Long readingSince;
    private RouteFiles seen;
    private RouteFiles settled;
    private Long unreadableSince;
    private boolean reported;

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

        boolean differsFrom(Served generation) {
            return sha256 == null || !generation.isOf(sha256, files);
        }
    }

    /** @param unreadable gets a text for people when the folder has been unreadable for {@link #PATIENCE} */
    FolderWatch(Path folder, Consumer<String> unreadable, LongSupplier nanoTime) {
        this.folder = folder;
        this.unreadable = unreadable;
        this.nanoTime = nanoTime;
    }

    /** @param first the files that are no change */
    void begin(RouteFiles first) {
        latest = reading(() -> first, null);
        settled = first;
    }

    void start() {
        thread.scheduleWithFixedDelay(this::poll, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    void poll() {
        latest = reading(() -> RouteFiles.read(folder), seen);
        seen = latest.unreadable() == null ? latest.files() : null;
    }

    private Reading reading(Supplier<RouteFiles> read, RouteFiles before) {
        readingSince = nanoTime.getAsLong();
        try {
            RouteFiles files = read.get();
            String missing = missing(files);
            return new Reading(files, missing == null ? files.sha256() : null, missing,
                    before != null && files.isSame(before));
        } catch (RuntimeException | Error notYet) {
            // A folder that vanishes while it is listed ends in another exception than read() promises.
            return Reading.failed(reason(folder, notYet));
        } finally {
            readingSince = null;
        }
    }

    /** Returns why the files are not complete yet, for people. Editors that write in place begin with an empty file. */
    private static String missing(RouteFiles files) {
        return files.contents().isEmpty() ? files.folder() + " holds no *.camel.yaml file"
                : files.contents().entrySet().stream().filter(file -> file.getValue().length == 0)
                        .map(file -> file.getKey() + " is empty").findFirst().orElse(null);
    }

    static String reason(Path folder, Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof FileSystemException file ? file.getFile() + " cannot be read: " + reason(file)
                : Objects.requireNonNullElse(cause.getMessage(), folder + " cannot be read: " + cause);
    }

    private static String reason(FileSystemException failure) {
        return failure instanceof NoSuchFileException ? "it does not exist"
                : failure instanceof NotDirectoryException ? "it is not a folder"
                : failure instanceof AccessDeniedException ? "permission denied"
                : Objects.requireNonNullElse(failure.getReason(), failure.toString());
    }

    /** Returns the latest reading, without access to the folder. */
    Reading latest() {
        Long since = readingSince;
        return since != null && nanoTime.getAsLong() - since > PATIENCE.toNanos() ? silent() : latest;
    }

    /** @param longest time to wait for a folder that does not respond */
    Reading read(Duration longest) {
        try {
            return CompletableFuture.supplyAsync(() -> latest = reading(() -> RouteFiles.read(folder), null), thread)
                    .completeOnTimeout(silent(), longest.toMillis(), TimeUnit.MILLISECONDS).join();
        } catch (RejectedExecutionException stop) {
            return Reading.failed("the service stops");
        }
    }

    private Reading silent() {
        return Reading.failed(folder + " does not respond");
    }

    /** @param files those that do not count as a change; {@code null}: any files are a change */
    void settle(RouteFiles files) {
        settled = files;
    }

    /**
     * Returns the files of a change, as soon as two readings in a row have found them. A folder that cannot be read,
     * one without route files, and an empty file are no change yet.
     */
    Optional<RouteFiles> change() {
        Reading now = latest();
        if (now.unreadable() != null) {
            report(now.unreadable());
            return Optional.empty();
        }
        unreadableSince = null;
        reported = false;
        return now.quiet() && (settled == null || !now.files().isSame(settled)) ? Optional.of(now.files())
                : Optional.empty();
    }

    private void report(String reason) {
        long time = nanoTime.getAsLong();
        unreadableSince = unreadableSince == null ? time : unreadableSince;
        if (!reported && time - unreadableSince > PATIENCE.toNanos()) {
            reported = true;
            unreadable.accept(reason + ", for more than " + PATIENCE.toSeconds() + " s. The active routes stay, and the"
                    + " service loads the folder when it can read it");
        }
    }
}
