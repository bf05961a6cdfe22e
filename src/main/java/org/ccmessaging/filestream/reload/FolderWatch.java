package org.ccmessaging.filestream.reload;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.toolkit.PeriodicTasks;

/**
 * Reads the folder of routes regularly and compares the bytes of its files, which are few and small. That works for
 * editors that write in place or rename, for Git, for file systems without events (NFS), and for the link that
 * Kubernetes swaps.
 *
 * <p>Only the thread of this class reads the folder, because a mount can hang. All others use its {@link #latest}
 * reading. Apart from that and {@link #read}, the methods belong to one other thread.
 */
final class FolderWatch implements AutoCloseable {

    /** Time between two readings: the quiet that must follow a change. */
    static final Duration INTERVAL = Duration.ofMillis(250);

    /** Time that a folder may be incomplete or silent. Editors, Git and Kubernetes take less. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path folder;
    private final Consumer<String> unreadable;
    private final LongSupplier nanoTime;
    private final PeriodicTasks thread = new PeriodicTasks("route-files", 1);

    private volatile Reading latest;
    private volatile Long readingSince;
    private FolderContent seen;
    private FolderContent settled;
    private Long unreadableSince;
    private boolean reported;

    /**
     * @param content {@code null} if it cannot be read
     * @param sha256 of the route files; {@code null} if they cannot be loaded
     * @param unreadable reason why they cannot be loaded; {@code null} if they can
     * @param quiet whether the reading before found the same files
     */
    record Reading(FolderContent content, String sha256, String unreadable, boolean quiet) {

        private static Reading failed(String reason) {
            return new Reading(null, null, reason, false);
        }
    }

    /** @param unreadable gets a text for people when the folder has been unreadable for {@link #PATIENCE} */
    FolderWatch(Path folder, Consumer<String> unreadable, LongSupplier nanoTime) {
        this.folder = folder;
        this.unreadable = unreadable;
        this.nanoTime = nanoTime;
    }

    /** @param first the files that are active already; their tests are those in the folder now */
    void begin(RouteFiles first) {
        latest = reading(() -> new FolderContent(first, FolderContent.readTests(folder)), null);
        // Tests that cannot be read are a change as soon as they can.
        settled = latest.content();
    }

    void start() {
        thread.scheduleWithFixedDelay(this::poll, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    void poll() {
        latest = reading(() -> FolderContent.read(folder), seen);
        seen = latest.unreadable() == null ? latest.content() : null;
    }

    private Reading reading(Supplier<FolderContent> read, FolderContent before) {
        readingSince = nanoTime.getAsLong();
        try {
            FolderContent content = read.get();
            String missing = content.missing().orElse(null);
            return new Reading(content, missing == null ? content.routes().sha256() : null, missing,
                    content.isSame(before));
        } catch (RuntimeException | Error notYet) {
            // A folder that vanishes while it is listed ends in another exception than read() promises.
            return Reading.failed(FolderContent.reason(folder, notYet));
        } finally {
            readingSince = null;
        }
    }

    /** Returns the latest reading, without access to the folder. */
    Reading latest() {
        Long since = readingSince;
        return since != null && nanoTime.getAsLong() - since > PATIENCE.toNanos() ? silent() : latest;
    }

    /** @param longest time to wait for a folder that does not respond */
    Reading read(Duration longest) {
        try {
            return CompletableFuture.supplyAsync(() -> latest = reading(() -> FolderContent.read(folder), null), thread)
                    .completeOnTimeout(silent(), longest.toMillis(), TimeUnit.MILLISECONDS).join();
        } catch (RejectedExecutionException stop) {
            return Reading.failed("the service stops");
        }
    }

    private Reading silent() {
        return Reading.failed(folder + " does not respond");
    }

    /** @param content the files that do not count as a change; {@code null}: any files are a change */
    void settle(FolderContent content) {
        settled = content;
    }

    /**
     * Returns the files of a change, as soon as two readings in a row have found them. A folder that cannot be read,
     * one without route files, and an empty file are no change yet.
     */
    Optional<FolderContent> change() {
        Reading now = latest();
        if (now.unreadable() != null) {
            report(now.unreadable());
            return Optional.empty();
        }
        unreadableSince = null;
        reported = false;
        return now.quiet() && !now.content().isSame(settled) ? Optional.of(now.content()) : Optional.empty();
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
