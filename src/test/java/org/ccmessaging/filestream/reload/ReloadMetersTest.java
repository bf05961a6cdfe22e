package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.ccmessaging.filestream.reload.ReloadMeters.Outcome;
import org.ccmessaging.filestream.support.MadeUpRoutes;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;

/** What the metrics of generations say while routes change. */
class ReloadMetersTest {

    private final MadeUpRoutes routes = new MadeUpRoutes();
    private final PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ObjectProvider<LiveRoutes> live = new ObjectProvider<>() {
        @Override
        public LiveRoutes getObject() {
            return routes;
        }
    };
    private final ReloadMeters meters = new ReloadMeters(prometheus, live);

    @Test
    void everyOutcomeIsThereFromTheStart() {
        assertThat(prometheus.scrape()).contains(
                "filestream_routes_changes_total{outcome=\"serves\"} 0.0",
                "filestream_routes_changes_total{outcome=\"rejected\"} 0.0",
                "filestream_routes_changes_total{outcome=\"untried\"} 0.0",
                "filestream_routes_changes_total{outcome=\"superseded\"} 0.0",
                "filestream_routes_changes_total{outcome=\"rolled_back\"} 0.0",
                "filestream_routes_changes_total{outcome=\"undone\"} 0.0");

        meters.count(Outcome.ROLLED_BACK);

        assertThat(prometheus.scrape()).contains("filestream_routes_changes_total{outcome=\"rolled_back\"} 1.0",
                "filestream_routes_changes_total{outcome=\"serves\"} 0.0");
    }

    @Test
    void onlyTheSetThatServesHasASeries() {
        meters.serves(1, "aaaa");
        meters.serves(2, "bbbb");
        meters.serves(3, "bbbb");

        assertThat(prometheus.scrape()).contains("filestream_routes_info{sha256=\"bbbb\"} 1",
                "filestream_routes_generation 3.0").doesNotContain("aaaa");

        meters.serves(4, "aaaa");

        assertThat(prometheus.scrape()).contains("filestream_routes_info{sha256=\"aaaa\"} 1",
                "filestream_routes_generation 4.0").doesNotContain("bbbb");
    }

    @Test
    void generationsAddNoMeters() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        ReloadMeters many = new ReloadMeters(registry, live);
        many.serves(0, "0");
        int before = registry.getMeters().size();
        for (int generation = 1; generation <= 200; generation++) {
            many.serves(generation, String.valueOf(generation));
        }

        assertThat(registry.getMeters()).hasSize(before);
        assertThat(registry.get("filestream.routes.info").gauge().getId().getTags())
                .isEqualTo(Tags.of("sha256", "200").stream().toList());
    }

    @Test
    void differenceFollowsTheFolder() {
        assertThat(prometheus.scrape()).contains("filestream_routes_files_differ 0.0");

        routes.edit("- route: new");
        assertThat(prometheus.scrape()).contains("filestream_routes_files_differ 1.0");

        routes.reload("test");
        assertThat(prometheus.scrape()).contains("filestream_routes_files_differ 0.0");
    }
}
