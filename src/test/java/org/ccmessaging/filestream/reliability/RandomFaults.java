package org.ccmessaging.filestream.reliability;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.ccmessaging.filestream.support.ScriptedStore.Script;
import org.ccmessaging.filestream.support.StoreTurn;

/**
 * A store that fails at random, in a share of its responses, and at random places. It sends parts as the whole, and
 * responses that belong to other requests.
 */
final class RandomFaults implements Script {

    private static final int[] STATUSES = {403, 404, 408, 429, 500, 502, 503, 504};

    private final AtomicLong seed;
    private final int faultsInHundred;
    private final boolean stalls;

    /** @param stalls whether the store may also say nothing for longer than the service waits */
    RandomFaults(long seed, int faultsInHundred, boolean stalls) {
        this.seed = new AtomicLong(seed);
        this.faultsInHundred = faultsInHundred;
        this.stalls = stalls;
    }

    @Override
    public void respond(StoreTurn store) throws IOException {
        Random random = new Random(seed.getAndIncrement());
        if (random.nextInt(100) >= faultsInHundred) {
            store.right();
            return;
        }
        switch (random.nextInt(stalls ? 14 : 13)) {
            case 0 -> store.close();
            case 1 -> store.reset();
            case 2 -> store.error(STATUSES[random.nextInt(STATUSES.length)], "Any");
            case 3 -> garbage(store);
            case 4, 5, 6, 7 -> breakOff(store, random);
            case 8 -> inPieces(store, random);
            case 9 -> wrongRest(store, random);
            case 10 -> {
                store.right();
                store.right();
            }
            case 11 -> store.withLanguage("x-another").right();
            case 12 -> part(store, random);
            default -> {
                if (random.nextBoolean()) {
                    store.rightHead();
                    store.upTo(place(store, random));
                }
                store.stall();
            }
        }
    }

    private static int place(StoreTurn store, Random random) {
        return store.from() + random.nextInt(Math.max(1, store.length() - store.from()));
    }

    private static void garbage(StoreTurn store) throws IOException {
        store.send("nonsense\r\n\r\n");
        store.close();
    }

    private static void breakOff(StoreTurn store, Random random) throws IOException {
        store.rightHead();
        store.upTo(place(store, random));
        switch (random.nextInt(3)) {
            case 0 -> store.close();
            case 1 -> store.reset();
            default -> store.halfClose();
        }
    }

    /** A start of the object, as if it were all. */
    private static void part(StoreTurn store, Random random) throws IOException {
        int end = random.nextInt(Math.max(1, store.length()));
        switch (random.nextInt(3)) {
            case 0 -> store.head(206, "Content-Length: " + end,
                    "Content-Range: bytes 0-" + (end - 1) + "/" + store.length());
            case 1 -> store.head(200, "Content-Length: " + end,
                    "Content-Range: bytes 0-" + (end - 1) + "/" + store.length());
            default -> store.head(200);
        }
        store.send(Arrays.copyOf(store.content(), end));
        store.close();
    }

    private static void inPieces(StoreTurn store, Random random) throws IOException {
        store.rightHead();
        int at = store.from();
        while (at < store.length()) {
            int next = Math.min(store.length(), at + 1 + random.nextInt(Math.max(1, store.length() / 4)));
            store.send(Arrays.copyOfRange(store.content(), at, next));
            store.pause(random.nextInt(20));
            at = next;
        }
    }

    private static void wrongRest(StoreTurn store, Random random) throws IOException {
        if (!store.isForRest()) {
            breakOff(store, random);
            return;
        }
        String etag = random.nextBoolean() ? "\"two\"" : "\"one\"";
        store.headOf(etag, "HTTP/1.1 206 Partial", "Content-Length: " + (store.length() - store.from()),
                "Content-Range: bytes " + (store.from() + (etag.equals("\"one\"") ? 1 : 0)) + "-"
                        + (store.length() - 1) + "/" + store.length());
        store.upTo(store.length());
    }
}
