package org.ccmessaging.filestream.routes;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.ExchangesInRoutes.Awaited;
import org.ccmessaging.filestream.routes.RoutesState.ReloadOutcome;
import org.springframework.stereotype.Component;

/** The meters of route files and reloads. */
@Component
class ReloadMeters {

    private final MeterRegistry meters;
    private final MultiGauge info;
    private final MultiGauge awaited;

    ReloadMeters(MeterRegistry meters) {
        this.meters = meters;
        info = MultiGauge.builder("filestream.routes.info").description("1 for the active routes").register(meters);
        awaited = MultiGauge.builder("filestream.routes.awaited")
                .description("Exchanges for which the new route files wait").register(meters);
        await(List.of());
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

    /** @param sha256 {@code null} if no routes are active */
    void show(String sha256) {
        info.register(Stream.ofNullable(sha256).<MultiGauge.Row<?>>map(active ->
                MultiGauge.Row.of(Tags.of("sha256", active), 1)).toList(), true);
    }

    /** @param exchanges may be empty; one row with value 0 then shows that the metric exists */
    void await(List<Awaited> exchanges) {
        Map<Tags, Long> rows = exchanges.isEmpty() ? Map.of(tags("none", "none"), 0L) : exchanges.stream().collect(
                Collectors.groupingBy(exchange -> tags(exchange.routeId(), String.valueOf(exchange.step())),
                        Collectors.counting()));
        awaited.register(rows.entrySet().stream().<MultiGauge.Row<?>>map(row ->
                MultiGauge.Row.of(row.getKey(), row.getValue())).toList(), true);
    }

    private static Tags tags(String routeId, String step) {
        return Tags.of("routeId", routeId, "step", step);
    }
}
