package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The metrics of generations while routes change. */
class ReloadMetersTest {

    private final PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ReloadMeters meters = new ReloadMeters(prometheus);

    private static LiveRoutes.Status serving(int number, String sha256) {
        return new LiveRoutes.Status(new LiveRoutes.Served(number, sha256, Instant.EPOCH, "test", null, null, null,
                null, null, Map.of()), null, null, null, List.of(), true, sha256, false, null, null, List.of(), null,
                Map.of());
    }

    @Test
    void everyOutcomeIsThereFromTheStart() {
        assertThat(prometheus.scrape()).contains(
                "filestream_routes_changes_total{outcome=\"serves\"} 0.0",
                "filestream_routes_changes_total{outcome=\"rejected\"} 0.0",
                "filestream_routes_changes_total{outcome=\"untried\"} 0.0",
                "filestream_routes_changes_total{outcome=\"superseded\"} 0.0",
                "filestream_routes_changes_total{outcome=\"rolled_back\"} 0.0",
                "filestream_routes_changes_total{outcome=\"undone\"} 0.0");

        meters.count("rolled_back");

        assertThat(prometheus.scrape()).contains("filestream_routes_changes_total{outcome=\"rolled_back\"} 1.0",
                "filestream_routes_changes_total{outcome=\"serves\"} 0.0");
    }

    @Test
    void onlyTheSetThatServesHasASeries() {
        meters.show(serving(1, "aaaa"));
        meters.show(serving(2, "bbbb"));
        meters.show(serving(3, "bbbb"));

        assertThat(prometheus.scrape()).contains("filestream_routes_info{sha256=\"bbbb\"} 1",
                "filestream_routes_generation 3.0").doesNotContain("aaaa");

        meters.show(serving(4, "aaaa"));

        assertThat(prometheus.scrape()).contains("filestream_routes_info{sha256=\"aaaa\"} 1",
                "filestream_routes_generation 4.0").doesNotContain("bbbb");
    }
}
