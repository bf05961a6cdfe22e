package org.ccmessaging.filestream.storage;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;

/**
 * Probes the storage of one branch again and again, and remembers the last result, so that asking for it costs nothing
 * and never waits for the store. The log gets one line when the storage goes down, and one when it is back.
 */
final class BranchWatch implements HealthIndicator {

    /** A probe without a result by then is a storage that is down. Probes of buckets give up earlier. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** Replicas that started together do not probe together. */
    private static final double JITTER = 0.1;

    private static final Health LATE = Health.down()
            .withDetail("reason", "no result within " + LONGEST.toSeconds() + " s").build();
    private static final Health NOT_YET = Health.unknown().withDetail("reason", "not probed yet").build();

    private static final Logger LOG = LoggerFactory.getLogger(BranchWatch.class);

    private final String branch;
    private final StorageSettings.Branch storage;
    private final StorageProbe probe;
    private final Duration interval;
    private volatile Health last = NOT_YET;
    private long downSince;

    BranchWatch(String branch, StorageSettings.Branch storage, StorageProbe probe, Duration interval) {
        this.branch = branch;
        this.storage = storage;
        this.probe = probe;
        this.interval = interval;
    }

    /** Probes now, and from then on at the interval, until the threads are shut down. */
    void start(ScheduledExecutorService threads) {
        threads.execute(() -> probe(threads));
    }

    private void probe(ScheduledExecutorService threads) {
        CompletableFuture<Health> result = new CompletableFuture<>();
        result.completeOnTimeout(LATE, LONGEST.toMillis(), TimeUnit.MILLISECONDS).thenAccept(health -> {
            // An interrupt by the stop of the service says nothing about the storage.
            if (!threads.isShutdown()) {
                take(health);
            }
        });
        result.complete(probed());
        double millis = interval.toMillis() * ThreadLocalRandom.current().nextDouble(1 - JITTER, 1 + JITTER);
        try {
            threads.schedule(() -> probe(threads), (long) millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopped) {
            LOG.debug("The service stops, and no probe of {} follows", branch);
        }
    }

    private Health probed() {
        try {
            return probe.probe(storage);
        } catch (BeanCreationException wrongSetting) {
            // It says nothing about the storage, and it stops the start, which names the setting.
            return NOT_YET;
        } catch (RuntimeException failure) {
            return Health.down().withDetail("reason", String.valueOf(failure.getMessage())).build();
        }
    }

    private synchronized void take(Health now) {
        boolean wasDown = isDown(last);
        last = now;
        if (isDown(now) && !wasDown) {
            downSince = System.nanoTime();
            LOG.warn("Storage of branch {} is down: {}", branch,
                    LogText.visible(String.valueOf(now.getDetails().get("reason"))));
        } else if (wasDown && !isDown(now)) {
            LOG.info("Storage of branch {} is back after {} s", branch,
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - downSince));
        }
    }

    private static boolean isDown(Health health) {
        return health.getStatus().equals(Status.DOWN);
    }

    /** 1 if the last probe found the storage up, 0 if it did not, and no number before the first one has ended. */
    double up() {
        Health now = last;
        return now == NOT_YET ? Double.NaN : isDown(now) ? 0 : 1;
    }

    /** What the last probe found, with what the service knows now. */
    @Override
    public Health health() {
        Health now = last;
        return now == NOT_YET ? now : Health.status(now.getStatus()).withDetails(now.getDetails())
                .withDetails(probe.known(storage)).build();
    }
}
