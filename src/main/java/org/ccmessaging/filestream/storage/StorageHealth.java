package org.ccmessaging.filestream.storage;

import static java.util.stream.Collectors.toMap;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.health.CompositeHealthContributor;
import org.springframework.boot.actuate.health.HealthContributor;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Health contributor {@code storage}: one entry for each branch of a type that has a probe. Readiness includes it,
 * liveness does not.
 */
@Configuration(proxyBeanMethods = false)
class StorageHealth {

    @Bean
    HealthContributor storageHealthContributor(StorageSettings settings, List<StorageProbe> probes) {
        Map<StorageSettings.Type, StorageProbe> byType = probes.stream().collect(toMap(StorageProbe::type, it -> it));
        Map<String, HealthIndicator> branches = new LinkedHashMap<>();
        settings.byName().forEach((name, branch) -> {
            StorageProbe probe = byType.get(branch.type());
            // The service cannot know how to check what a route of the installation opens.
            if (probe != null) {
                branches.put(name, () -> probe.probe(branch));
            }
        });
        return CompositeHealthContributor.fromMap(branches);
    }
}
