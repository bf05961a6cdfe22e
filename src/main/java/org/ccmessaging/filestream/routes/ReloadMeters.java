package org.ccmessaging.filestream.routes;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.RoutesState.ReloadOutcome;
import org.springframework.stereotype.Component;

/** The meters of route files and reloads. */
@Component
class ReloadMeters {

    private final MeterRegistry meters;
    private final MultiGauge info;

    ReloadMeters(MeterRegistry meters) {
        this.meters = meters;
        info = MultiGauge.builder("filestream.routes.info").description("1 for the active routes").register(meters);
        // Creates each counter at zero, because a rate needs a value before the first reload.
        Stream.of(ReloadOutcome.values()).forEach(this::reloads);
    }

    void follow(BooleanSupplier differ, BooleanSupplier rejected) {
        Gauge.builder("filestream.routes.files.differ", () -> differ.getAsBoolean() ? 1 : 0)
                .description("1 if the folder has other files than the active ones").register(meters);
        Gauge.builder("filestream.routes.rejected", () -> rejected.getAsBoolean() ? 1 : 0)
                .description("1 if the last files have an error").register(meters);
    }

    Counter reloads(ReloadOutcome outcome) {
        return Counter.builder("filestream.routes.reloads").description("Reloads of the routes, by outcome")
                .tag("outcome", outcome.toString()).register(meters);
    }

    void show(String sha256) {
        info.register(List.of(MultiGauge.Row.of(Tags.of("sha256", sha256), 1)), true);
    }
}
