package org.ccmessaging.filestream.reload;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.ObjIntConsumer;
import org.apache.camel.util.concurrent.CamelThreadFactory;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the files of a folder of routes, or their tests, have changed. It reads all of them every
 * {@value #INTERVAL_MILLIS} ms and compares their bytes. That is cheap, since they are few and small. It is right for
 * editors that write in place or rename, for Git, for file systems that give no events (NFS), and for Kubernetes, which
 * swaps a link.
 *
 * <p>It tells of a change when two readings, one after the other, had the same content: who writes is done by then. A
 * folder that cannot be read, one without route files, and an empty file are "not yet". A change that could not be
 * dealt with is told again.
 */
final class FolderWatch implements AutoCloseable {

    /** How long it waits between two readings: the quiet that a change must be followed by. */
    static final long INTERVAL_MILLIS = 500;

    /** How long "not yet" may take. Editors and Git are done in less, and so is Kubernetes. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);
    private static final long LONGEST_END_SECONDS = 5;

    private final Path folder;
    private final IntSupplier undone;
    private final ObjIntConsumer<RouteFiles> changed;
    private final BooleanSupplier again;
    private final Consumer<String> unreadable;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new CamelThreadFactory("#name#", "route-files", true));

    private final AtomicReference<FolderContent> told;
    private FolderContent seen;
    private Long unreadableSince;
    private boolean toldUnreadable;

    /**
     * @param first the files that serve already; their tests are those in the folder now
     * @param undone how often an older generation has been chosen
     * @param changed gets the files of a change, and what {@code undone} said before they were read. It may take its
     *     time: the watch goes on when it has returned
     * @param again whether to tell of the same files once more
     * @param unreadable gets a text for people when the folder has been unreadable for {@link #PATIENCE}
     */
    FolderWatch(RouteFiles first, IntSupplier undone, ObjIntConsumer<RouteFiles> changed, BooleanSupplier again,
            Consumer<String> unreadable) {
        this(first, undone, changed, again, unreadable, System::nanoTime);
    }

    FolderWatch(RouteFiles first, IntSupplier undone, ObjIntConsumer<RouteFiles> changed, BooleanSupplier again,
            Consumer<String> unreadable, LongSupplier nanoTime) {
        this.folder = first.folder();
        this.undone = undone;
        this.changed = changed;
        this.again = again;
        this.unreadable = unreadable;
        this.nanoTime = nanoTime;
        this.told = new AtomicReference<>(firstContent(first));
    }

    /** Without readable tests, they are a change as soon as they are there. */
    private static FolderContent firstContent(RouteFiles first) {
        try {
            return new FolderContent(first, FolderContent.readTests(first.folder()));
        } catch (RuntimeException withoutTests) {
            return null;
        }
    }

    /** Begins to watch. */
    void start() {
        thread.scheduleWithFixedDelay(this::poll, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Ends the watch. A consumer that works is interrupted, and has 5 s to return. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("The attempt to load {} goes on while the service stops", folder);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Takes what the folder holds now as told: what has been undone to is newer, and stays until the next change. Comes
     * before the count of what is undone, so that a reading with the new count knows of it.
     */
    void settle() {
        try {
            told.set(FolderContent.read(folder));
        } catch (RuntimeException unreadable) {
            LOG.debug("What {} will hold is a change", folder);
        }
    }

    /** Reads the folder once, and tells what there is to tell. */
    void poll() {
        try {
            read();
        } catch (RuntimeException | Error failed) {
            // The next edit may be the one that mends it.
            LOG.error("The service goes on watching {}, but could not deal with its last change", folder, failed);
        }
    }

    private void read() {
        int count = undone.getAsInt();
        FolderContent before = told.get();
        FolderContent now;
        try {
            now = FolderContent.read(folder);
        } catch (RuntimeException notYet) {
            // Not only what read() promises: a folder that vanishes while it is listed ends in another exception.
            waitFor(FolderContent.reason(folder, notYet));
            return;
        }
        String missing = now.missing().orElse(null);
        if (missing != null) {
            waitFor(missing);
            return;
        }
        unreadableSince = null;
        toldUnreadable = false;
        boolean quiet = now.isSame(seen);
        seen = now;
        // Not if the folder was settled during this reading, which may be older.
        if (quiet && (!now.isSame(before) || again.getAsBoolean()) && told.compareAndSet(before, now)) {
            changed.accept(now.routes(), count);
        }
    }

    private void waitFor(String reason) {
        // What was seen before the gap says nothing about quiet after it.
        seen = null;
        long time = nanoTime.getAsLong();
        unreadableSince = unreadableSince == null ? time : unreadableSince;
        if (!toldUnreadable && time - unreadableSince > PATIENCE.toNanos()) {
            toldUnreadable = true;
            unreadable.accept(reason + ", for more than " + PATIENCE.toSeconds()
                    + " s. The service goes on with the routes that serve, and loads the folder when it can read it");
        }
    }
}
