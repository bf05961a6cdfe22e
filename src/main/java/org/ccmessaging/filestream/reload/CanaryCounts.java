package org.ccmessaging.filestream.reload;

import java.security.SecureRandom;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.ccmessaging.filestream.observe.FinishedDownload;
import org.ccmessaging.filestream.reload.Comparison.Counted;
import org.ccmessaging.filestream.toolkit.ComparedSession;
import org.ccmessaging.filestream.toolkit.KeyedHash;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Hands the downloads of a canary to its {@link Comparison}, and does nothing while one generation serves. */
@Component
final class CanaryCounts implements FinishedDownload.Listener {

    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private volatile Comparison comparison;

    @Autowired
    CanaryCounts() {
        this(System::nanoTime, new SecureRandom());
    }

    /** @param random chooses the key that hashes the names of files */
    CanaryCounts(LongSupplier nanoTime, RandomGenerator random) {
        this.nanoTime = nanoTime;
        this.random = random;
    }

    /** Begins to count for a canary from zero, and no longer for the one before. */
    Comparison begin(int canary, double share) {
        comparison = new Comparison(canary, share, nanoTime.getAsLong(), new KeyedHash(random));
        return comparison;
    }

    void end() {
        comparison = null;
    }

    @Override
    public void ended(FinishedDownload download) {
        // Nothing that an edit may change comes before the customer is verified, and anybody can invent tokens.
        if (comparison != null && download.customer() != null) {
            ComparedSession session = download.session();
            if (session != null) {
                count(session.canary(), Counted.of(session, download));
            }
        }
    }

    /** @param canary number of the canary when the request entered */
    void count(int canary, Counted download) {
        Comparison now = comparison;
        if (now != null && now.canary() == canary) {
            now.count(download, nanoTime.getAsLong());
        }
    }
}
