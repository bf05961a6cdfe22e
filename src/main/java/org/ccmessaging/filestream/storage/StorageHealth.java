package org.ccmessaging.filestream.storage;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.settings.HealthSettings;
import org.ccmessaging.filestream.storage.StorageProbe.Down;
import org.ccmessaging.filestream.toolkit.LogText;
import org.ccmessaging.filestream.toolkit.PeriodicTasks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Runs each {@link StorageProbe} in the background, so that a request for health or metrics never waits for a storage.
 * Readiness ignores the results: if one store is down, the service still serves branches on other stores (decision
 * 0021).
 */
@Component
class StorageHealth implements SmartLifecycle {

    /** After this time without a result, the storage counts as down. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private static final Down LATE = new Down("no result within " + LONGEST.toSeconds() + " s",
            "Look for a server or a disk that does not respond");
    private static final Health NOT_YET = Health.unknown().withDetail("reason", "not probed yet").build();

    private static final Logger LOG = LoggerFactory.getLogger(StorageHealth.class);

    private final Map<String, ProbedBranch> branches = new LinkedHashMap<>();
    private final Duration interval;
    private final Duration longest;
    private volatile PeriodicTasks threads;

    @Autowired
    StorageHealth(List<StorageProbe> probes, HealthSettings health, MeterRegistry meters) {
        this(probes, health, meters, LONGEST);
    }

    StorageHealth(List<StorageProbe> probes, HealthSettings health, MeterRegistry meters, Duration longest) {
        this.interval = health.probeInterval();
        this.longest = longest;
        probes.forEach(probe -> probe.names().forEach(name -> {
            ProbedBranch probed = new ProbedBranch(name, probe);
            branches.put(name, probed);
            Gauge.builder("filestream.storage.up", probed, ProbedBranch::up).tag("branch", name)
                    .description("1 if the storage of the branch was up at the last probe, 0 if it was not")
                    .register(meters);
        }));
    }

    /** The bean is not named {@code storage}, because a health group has this name. */
    @Bean
    HealthContributor storagesHealthContributor() {
        return CompositeHealthContributor.fromMap(branches);
    }

    /** {@link #start} runs after startup, because the first probe loads the S3 client, which needs much CPU. */
    @Override
    public boolean isAutoStartup() {
        return false;
    }

    @Override
    @EventListener(ApplicationReadyEvent.class)
    public void start() {
        // Each branch has its own thread, because Java cannot end a probe of a folder that hangs.
        threads = new PeriodicTasks("storage-probe", Math.max(1, branches.size()));
        branches.values().forEach(branch -> threads.scheduleWithFixedDelay(
                branch::probe, 0, interval.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Override
    public void stop() {
        PeriodicTasks running = threads;
        threads = null;
        running.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return threads != null;
    }

    private static Health down(Down down) {
        return Health.down().withDetail("reason", down.reason()).withDetail("advice", down.advice()).build();
    }

    private final class ProbedBranch implements HealthIndicator {

        private final String name;
        private final StorageProbe probe;
        private volatile Health last = NOT_YET;

        ProbedBranch(String name, StorageProbe probe) {
            this.name = name;
            this.probe = probe;
        }

        void probe() {
            CompletableFuture<Health> result = new CompletableFuture<>();
            result.thenAccept(this::update);
            result.complete(probed(result));
        }

        private Health probed(CompletableFuture<Health> result) {
            try {
                // known() may create the client of the store, which takes long. So the time limit starts afterwards.
                probe.known(name);
                result.completeOnTimeout(down(LATE), longest.toMillis(), TimeUnit.MILLISECONDS);
                Down down = probe.probe(name);
                return down == null ? Health.up().build() : down(down);
            } catch (BeanCreationException wrongSetting) {
                // A wrong setting is not a fault of the storage.
                return NOT_YET;
            } catch (RuntimeException | Error failure) {
                return down(new Down(String.valueOf(failure.getMessage()), "Report this fault of the service"));
            }
        }

        private synchronized void update(Health now) {
            // Shutdown interrupts probes: their failure says nothing about the storage.
            if (!isRunning()) {
                return;
            }
            boolean wasDown = isDown(last);
            last = now;
            if (isDown(now) && !wasDown) {
                LOG.warn("Storage of branch {} is down: {}. {}", name,
                        LogText.visible(now.getDetails().get("reason").toString()), now.getDetails().get("advice"));
            } else if (wasDown && !isDown(now)) {
                LOG.info("Storage of branch {} is back", name);
            }
        }

        private static boolean isDown(Health health) {
            return health.getStatus().equals(Status.DOWN);
        }

        double up() {
            Health now = last;
            return now == NOT_YET ? Double.NaN : isDown(now) ? 0 : 1;
        }

        @Override
        public Health health() {
            Health now = last;
            return now == NOT_YET ? now : Health.status(now.getStatus()).withDetails(now.getDetails())
                    .withDetails(probe.known(name)).build();
        }
    }
}
