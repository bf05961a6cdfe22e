package org.ccmessaging.filestream.storage;

import java.io.FilterInputStream;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import software.amazon.awssdk.http.AbortableInputStream;

/**
 * Objects that the store has begun to send, and that nobody has begun to read. An edited route may drop one, and its
 * connection would be missing in the pool for ever, so each is given up after {@link #GIVEN_UP_AFTER_MS}.
 *
 * <p>The SDK's own streams do the same with a timer for each object, which stays in the timers' queue for that minute
 * after the object has been read: at 4,000 downloads a second 14 MB of heap, and a thread that wakes up as often as
 * there are downloads (bench/results). Here an object is forgotten with its first read, and looked for when another is
 * asked for, since before that nobody misses the connection.
 */
final class UnreadObjects {

    /** After so many milliseconds an object is given up that nobody has begun to read; as long as the SDK waits. */
    static final long GIVEN_UP_AFTER_MS = 60_000;

    private static final long GIVEN_UP_AFTER = TimeUnit.MILLISECONDS.toNanos(GIVEN_UP_AFTER_MS);
    private static final long LOOK_EVERY = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier clock;
    private final Set<Unread> unread = ConcurrentHashMap.newKeySet();
    private volatile long lookAt;

    /** @param clock nanoseconds, as {@link System#nanoTime()} */
    UnreadObjects(LongSupplier clock) {
        this.clock = clock;
        this.lookAt = clock.getAsLong();
    }

    /** The same content, watched until its first byte is asked for. */
    AbortableInputStream watch(AbortableInputStream content) {
        Unread object = new Unread(content, clock.getAsLong());
        unread.add(object);
        return AbortableInputStream.create(object, object::abort);
    }

    /** Gives up the objects that have been unread for {@link #GIVEN_UP_AFTER_MS}. */
    void giveUpForgotten() {
        long now = clock.getAsLong();
        if (now - lookAt < 0) {
            return;
        }
        lookAt = now + LOOK_EVERY;
        for (Unread object : unread) {
            if (now - object.since >= GIVEN_UP_AFTER && unread.remove(object)) {
                object.content.abort();
            }
        }
    }

    private final class Unread extends FilterInputStream {

        private final AbortableInputStream content;
        private final long since;
        private boolean touched;

        Unread(AbortableInputStream content, long since) {
            super(content);
            this.content = content;
            this.since = since;
        }

        private void touch() {
            if (!touched) {
                touched = true;
                unread.remove(this);
            }
        }

        @Override
        public int read() throws IOException {
            touch();
            return super.read();
        }

        @Override
        public int read(byte[] buffer, int from, int most) throws IOException {
            touch();
            return super.read(buffer, from, most);
        }

        @Override
        public void close() throws IOException {
            touch();
            super.close();
        }

        private void abort() {
            touch();
            content.abort();
        }
    }
}
