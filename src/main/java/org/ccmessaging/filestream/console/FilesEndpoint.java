package org.ccmessaging.filestream.console;

import static java.util.stream.Collectors.joining;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.console.Traffic.Sample;
import org.ccmessaging.filestream.observe.Ending;
import org.ccmessaging.filestream.routes.LiveRoutes;
import org.ccmessaging.filestream.routes.RoutesState;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/**
 * Serves {@code /actuator/files} on the management port: what the console's page <i>Files</i> shows. It exists only
 * with a console, behind its login, and only if the health is exposed, which it shows.
 */
@Component
@WebEndpoint(id = "files")
@ConditionalOnBooleanProperty("hawtio.enabled")
@ConditionalOnAvailableEndpoint(HealthEndpoint.class)
record FilesEndpoint(MeterRegistry meters, HealthEndpoint health, LiveRoutes live, Failures failures, Traffic traffic) {

    /** Share of permits or of the heap above which an operator should look. */
    private static final double MUCH = 0.75;
    private static final double NEARLY_ALL = 0.9;

    /** Minutes that a row looks back. */
    private static final int LATELY = 15;

    private static final String RUNBOOK = "docs/logs-and-metrics.md#filestream";
    private static final String ISSUERS = RUNBOOK + "keysetunavailable";

    /** The state of a part: it works, an operator should look at it, or it fails and an operator must mend it. */
    enum Word { FINE, LOOK, BROKEN }

    /** @param page the page of the documentation that helps */
    record Row(String what, Word word, String text, String page) {

        static Row of(String what, boolean broken, boolean look, String page, String text, Object... values) {
            return new Row(what, broken ? Word.BROKEN : look ? Word.LOOK : Word.FINE, text.formatted(values), page);
        }

        static Row of(String what, Status state, boolean look, String page, String text, Object... values) {
            return of(what, state.equals(Status.DOWN), look || !state.equals(Status.UP), page, text, values);
        }
    }

    /**
     * @param at time of the service, in milliseconds since 1970
     * @param rows the worst first
     * @param traffic the samples that the reader does not have yet
     */
    record View(long at, List<Row> rows, List<Sample> traffic, Failures.Lists failures, RoutesState routes) {
    }

    /**
     * GET {@code /actuator/files}.
     *
     * @param since time of the last sample that the reader has, in milliseconds since 1970; {@code null} for none
     */
    @ReadOperation
    public View view(@Nullable Long since) {
        RoutesState status = live.state();
        return new View(System.currentTimeMillis(), rows(status), traffic.after(since == null ? 0 : since),
                failures.newestFirst(), status);
    }

    private List<Row> rows(RoutesState status) {
        List<Row> rows = new ArrayList<>();
        Map<String, Long> lately = traffic.grown(LATELY);
        rows.add(downloads(Downloads.in(traffic.grown(1)), Downloads.in(lately)));
        rows.add(inFlight());
        Map<String, HealthDescriptor> parts = ((CompositeHealthDescriptor) health.health()).getComponents();
        if (parts.get("storages") instanceof CompositeHealthDescriptor storages) {
            storages.getComponents().forEach((branch, storage) -> rows.add(storage(branch, storage)));
        }
        // The pool of the catalogue's database has meters only if there is a catalogue.
        if (meters.find("hikaricp.connections.max").gauge() != null) {
            double waiting = gauge("hikaricp.connections.pending");
            rows.add(Row.of("Catalogue", false, waiting > 0, "docs/library.md#deadlines-and-failures",
                    "%.0f of %.0f connections in use, %.0f look-ups wait", gauge("hikaricp.connections.active"),
                    gauge("hikaricp.connections.max"), waiting));
        }
        long failedCalls = sum(lately, "filestream.keyset.fetches outcome=failure");
        rows.add(Row.of("Issuers of tokens", parts.get("keys").getStatus(), failedCalls > 0, ISSUERS,
                "in 15 minutes %d failed calls, %d guesses of secrets", failedCalls,
                sum(lately, "filestream.auth.guesses ")));
        rows.add(routes(status));
        rows.add(memory());
        long cut = sum(lately, "filestream.connections.cut ");
        rows.add(Row.of("Edge", false, cut > 0, "docs/deployment.md#limits-of-a-connection",
                "in 15 minutes %d connections ended by a limit, %d downloads without valid credentials", cut,
                sum(lately, "ending=" + Ending.STRANGER)));
        rows.sort(Comparator.comparing(Row::word).reversed());
        return rows;
    }

    static Row downloads(Downloads minute, Downloads lately) {
        return Row.of("Downloads", (minute.areNone() ? lately : minute).areBroken(), !lately.areAllServed(),
                RUNBOOK + lately.alert(), "last minute %s; %d minutes %s", minute, LATELY, lately);
    }

    private Row inFlight() {
        double now = gauge("filestream.downloads.in.flight");
        double most = gauge("filestream.downloads.in.flight.limit");
        return Row.of("In flight", now >= most, now > most * MUCH, "docs/deployment.md#sizing",
                "%.0f of %.0f permits", now, most);
    }

    private Row storage(String branch, HealthDescriptor health) {
        Timer first = meters.find("filestream.download.first.byte").tag("branch", branch).timer();
        double slowest = first == null ? 0 : first.max(TimeUnit.MILLISECONDS);
        return Row.of("Storage of " + branch, health.getStatus(), false, RUNBOOK + "storagedown", "%s%s", text(health),
                slowest == 0 ? "" : "; slowest first byte of the last minutes %.0f ms".formatted(slowest));
    }

    private static Row routes(RoutesState routes) {
        boolean stopped = routes.stopped() != null;
        String waits = routes.waits() != null ? routes.waits() : routes.unreadable();
        String text = "since %s, by %s".formatted(routes.since(), routes.by())
                + (stopped ? "; stopped: " + String.join(", ", routes.stopped()) : "")
                + (routes.rejected() == null ? "" : "; the files in the folder are rejected")
                + (waits == null ? "" : "; " + waits);
        return Row.of("Routes", stopped, routes.filesDiffer() || waits != null, stopped ? RUNBOOK + "routestopped"
                : "docs/live-routes.md#from-save-to-serving", "%s", text);
    }

    private static Row memory() {
        long live = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                .mapToLong(pool -> pool.getCollectionUsage().getUsed()).sum();
        long most = Runtime.getRuntime().maxMemory();
        return Row.of("Memory", live > most * NEARLY_ALL, live > most * MUCH, RUNBOOK + "memoryshort",
                "%d of %d MB of heap in use after the last collection", live >> 20, most >> 20);
    }

    /** @param series the start of a name and tags */
    private static long sum(Map<String, Long> lately, String series) {
        return lately.entrySet().stream().filter(counter -> counter.getKey().startsWith(series))
                .mapToLong(Map.Entry::getValue).sum();
    }

    private double gauge(String name) {
        return meters.find(name).gauges().stream().mapToDouble(Gauge::value).sum();
    }

    private static Map<String, Object> details(HealthDescriptor health) {
        return ((IndicatedHealthDescriptor) health).getDetails();
    }

    private static String text(HealthDescriptor health) {
        String details = details(health).entrySet().stream().map(detail -> detail.getKey() + " " + detail.getValue())
                .collect(joining("; "));
        return details.isEmpty() ? health.getStatus().getCode().toLowerCase(Locale.ROOT) : details;
    }
}
