package org.ccmessaging.filestream.reload;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;
import org.ccmessaging.filestream.observe.FinishedDownload;
import org.ccmessaging.filestream.reload.Canary.Counted;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Hands each download to the canary in whose time it has entered, and does nothing while one generation serves. */
@Component
final class CanaryCounts implements FinishedDownload.Listener {

    /** Chooses the keys that hash the names of files. */
    final RandomGenerator random;

    private volatile Canary canary;

    @Autowired
    CanaryCounts() {
        this(new SecureRandom());
    }

    CanaryCounts(RandomGenerator random) {
        this.random = random;
    }

    /** @param begun counts from now on, and no other one; {@code null} for none */
    void begin(Canary begun) {
        canary = begun;
    }

    @Override
    public void ended(FinishedDownload download) {
        // Nothing that an edit may change comes before the customer is verified, and anybody can invent tokens.
        if (canary != null && download.customer() != null && download.session() != null) {
            count(download.session().canary(), Counted.of(download));
        }
    }

    /** @param number of the canary when the request entered */
    void count(int number, Counted download) {
        Canary now = canary;
        if (now != null && now.served().number() == number) {
            now.count(download);
        }
    }
}
