package org.ccmessaging.filestream.reliability;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.ccmessaging.filestream.support.FaultyServer.Script;
import org.ccmessaging.filestream.support.FaultyServer.Turn;

/**
 * A store that fails at random, in a share of its responses: it breaks off at a random place, or has a fault of the
 * table. So one download can meet several of them.
 */
final class RandomFaults implements Script {

    private static final List<StoreFault> FAULTS = StoreFault.ALL.stream().filter(fault -> !fault.slow()).toList();
    private static final List<Script> ENDS =
            List.of(Turn::close, Turn::reset, Turn::halfClose, Turn::stall);

    private final AtomicLong seed;
    private final int faultsInHundred;
    private final int ends;

    /** @param stalls whether the store may also say nothing for longer than the service waits */
    RandomFaults(long seed, int faultsInHundred, boolean stalls) {
        this.seed = new AtomicLong(seed);
        this.faultsInHundred = faultsInHundred;
        this.ends = stalls ? ENDS.size() : ENDS.size() - 1;
    }

    @Override
    public void respond(Turn store) throws IOException {
        Random random = new Random(seed.getAndIncrement());
        StoreFault fault = FAULTS.get(random.nextInt(FAULTS.size()));
        if (random.nextInt(100) >= faultsInHundred) {
            store.right();
        } else if (random.nextInt(3) > 0 && store.length() >= fault.shortest()) {
            fault.script().respond(store);
        } else {
            store.rightHead();
            store.upTo(store.from() + random.nextInt(Math.max(1, store.length() - store.from())));
            ENDS.get(random.nextInt(ends)).respond(store);
        }
    }
}
