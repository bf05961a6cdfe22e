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
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The metrics of generations: which one serves, whether the files differ from it, and what came of changes. */
@Component
public final class ReloadMeters {

    /** What came of a change of the routes: the label {@code outcome}, in lower case. */
    public enum Outcome {
        /** The files of the folder serve. */
        SERVES,
        /** The files of the folder do not serve. */
        REJECTED,
        /** The temporary folder did not take the trial of the files, so they do not serve yet. */
        UNTRIED,
        /** The files of the folder changed while they were tried, so what was tried does not serve. */
        SUPERSEDED,
        /** The watch found that a generation fails, and the one before it serves again. */
        ROLLED_BACK,
        /** An operator has made an older generation serve again. */
        UNDONE
    }

    private final Map<Outcome, Counter> changes = new EnumMap<>(Outcome.class);
    private final MultiGauge info;
    private final AtomicInteger generation = new AtomicInteger();

    /** @param live may depend on this bean */
    ReloadMeters(MeterRegistry meters, ObjectProvider<LiveRoutes> live) {
        for (Outcome outcome : Outcome.values()) {
            changes.put(outcome, Counter.builder("filestream.routes.changes")
                    .description("Changes of the routes, by what came of them")
                    .tag("outcome", outcome.name().toLowerCase(Locale.ROOT)).register(meters));
        }
        info = MultiGauge.builder("filestream.routes.info").description("1 for the routes that serve").register(meters);
        Gauge.builder("filestream.routes.generation", generation::get)
                .description("The number of the generation that serves").register(meters);
        Gauge.builder("filestream.routes.files.differ", () -> live.getObject().status().filesDiffer() ? 1 : 0)
                .description("1 if the folder holds other files than those that serve").register(meters);
    }

    /** Counts a change. */
    public void count(Outcome outcome) {
        changes.get(outcome).increment();
    }

    /**
     * Names the routes that serve from now on, in place of those before them.
     *
     * @param number of the generation
     * @param sha256 of its files
     */
    public void serves(int number, String sha256) {
        generation.set(number);
        info.register(List.of(MultiGauge.Row.of(Tags.of("sha256", sha256), 1)), true);
    }
}
