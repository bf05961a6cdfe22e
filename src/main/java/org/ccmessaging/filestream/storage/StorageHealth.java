package org.ccmessaging.filestream.storage;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.settings.HealthSettings;
import org.springframework.boot.actuate.health.CompositeHealthContributor;
import org.springframework.boot.actuate.health.HealthContributor;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;

/**
 * Probes the storage of each branch of a type that has a probe, in the background, from the startup of the service to
 * its end. What it has seen last is the health group {@code storage} and the gauge {@code filestream_storage_up}.
 * Readiness does not include it: with one store down the service still serves the branches on others, and says of the
 * rest what is wrong (decision 0021).
 */
@Component
class StorageHealth implements SmartLifecycle {

    private final Map<String, BranchWatch> branches = new LinkedHashMap<>();
    private ScheduledExecutorService threads;

    StorageHealth(StorageSettings settings, List<StorageProbe> probes, HealthSettings health, MeterRegistry meters) {
        Map<StorageSettings.Type, StorageProbe> byType = probes.stream()
                .collect(Collectors.toMap(StorageProbe::type, Function.identity()));
        settings.byName().forEach((name, branch) -> {
            StorageProbe probe = byType.get(branch.type());
            // The service cannot know how to check what a route of the installation opens.
            if (probe != null) {
                BranchWatch watch = new BranchWatch(name, branch, probe, health.probeInterval());
                branches.put(name, watch);
                Gauge.builder("filestream.storage.up", watch, BranchWatch::up).tag("branch", name)
                        .description("1 if the storage of the branch was up at the last probe, 0 if it was not")
                        .register(meters);
            }
        });
    }

    /** The branches, under a name of its own: Spring Boot allows no contributor with the name of a group. */
    @Bean
    HealthContributor storagesHealthContributor() {
        return CompositeHealthContributor.fromMap(branches);
    }

    @Override
    public void start() {
        // One for each branch, because nothing ends the probe of a folder that hangs.
        threads = Executors.newScheduledThreadPool(Math.max(1, branches.size()), work -> {
            Thread thread = new Thread(work, "storage-probe");
            thread.setDaemon(true);
            return thread;
        });
        branches.values().forEach(branch -> branch.start(threads));
    }

    @Override
    public void stop() {
        if (threads != null) {
            threads.shutdownNow();
            threads = null;
        }
    }

    @Override
    public boolean isRunning() {
        return threads != null;
    }
}
