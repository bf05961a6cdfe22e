package org.ccmessaging.filestream.reload;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.springframework.stereotype.Component;

/** The metrics of generations: the active one, whether the files in the folder differ from it, outcomes of changes. */
@Component
class ReloadMeters {

    private static final String OUTCOME = "outcome";

    private final MeterProvider<Counter> changes;
    private final MultiGauge info;
    private volatile Status shown = Status.NONE;

    ReloadMeters(MeterRegistry meters) {
        changes = Counter.builder("filestream.routes.changes")
                .description("Changes of the routes, by what came of them").withRegistry(meters);
        // A rate needs the zero before the first change.
        List.of("serves", "rejected", "untried", "superseded", "rolled_back", "undone")
                .forEach(outcome -> changes.withTag(OUTCOME, outcome));
        info = MultiGauge.builder("filestream.routes.info").description("1 for the routes that serve").register(meters);
        Gauge.builder("filestream.routes.generation", () -> shown.serving().number())
                .description("The number of the generation that serves").register(meters);
        Gauge.builder("filestream.routes.files.differ", () -> shown.filesDiffer() ? 1 : 0)
                .description("1 if the folder holds other files than those that serve").register(meters);
    }

    /** @param outcome as of an attempt; {@code undone} by an operator, and {@code rolled_back} by the canary */
    void count(String outcome) {
        changes.withTag(OUTCOME, outcome).increment();
    }

    void show(Status status) {
        if (!status.serving().sha256().equals(shown.serving().sha256())) {
            info.register(List.of(MultiGauge.Row.of(Tags.of("sha256", status.serving().sha256()), 1)), true);
        }
        shown = status;
    }
}
