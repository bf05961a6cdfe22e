package org.ccmessaging.filestream.reload;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.springframework.stereotype.Component;

/** The metrics of generations: the active one, whether the files differ from it, and outcomes of changes. */
@Component
public final class ReloadMeters {

    /** Outcome of a change of the routes: the label {@code outcome}, in lower case. */
    public enum Outcome {
        /** The files of the folder serve. */
        SERVES,
        /** The files of the folder do not serve. */
        REJECTED,
        /** The temporary folder did not take the trial of the files, so they do not serve yet. */
        UNTRIED,
        /** The files changed, or a rollback came, while they were tried. */
        SUPERSEDED,
        /** The watch found that a generation fails, and the one before it serves again. */
        ROLLED_BACK,
        /** An operator has made an older generation serve again. */
        UNDONE
    }

    private final Map<Outcome, Counter> changes = new EnumMap<>(Outcome.class);
    private final MultiGauge info;
    private volatile Status shown = Status.NONE;

    ReloadMeters(MeterRegistry meters) {
        for (Outcome outcome : Outcome.values()) {
            changes.put(outcome, Counter.builder("filestream.routes.changes")
                    .description("Changes of the routes, by what came of them")
                    .tag("outcome", outcome.name().toLowerCase(Locale.ROOT)).register(meters));
        }
        info = MultiGauge.builder("filestream.routes.info").description("1 for the routes that serve").register(meters);
        Gauge.builder("filestream.routes.generation", () -> shown.serving().number())
                .description("The number of the generation that serves").register(meters);
        Gauge.builder("filestream.routes.files.differ", () -> shown.filesDiffer() ? 1 : 0)
                .description("1 if the folder holds other files than those that serve").register(meters);
    }

    /** Counts a change. */
    public void count(Outcome outcome) {
        changes.get(outcome).increment();
    }

    /** Shows a state in place of the one before it. */
    void show(Status status) {
        if (!status.serving().sha256().equals(shown.serving().sha256())) {
            info.register(List.of(MultiGauge.Row.of(Tags.of("sha256", status.serving().sha256()), 1)), true);
        }
        shown = status;
    }
}
