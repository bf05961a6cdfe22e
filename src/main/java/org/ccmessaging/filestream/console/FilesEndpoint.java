package org.ccmessaging.filestream.console;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.console.Traffic.Sample;
import org.ccmessaging.filestream.observe.Failures;
import org.ccmessaging.filestream.reload.LiveRoutes.Rejection;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.reload.LiveRoutes;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
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

    /** Share of the downloads that may fail before something is broken, as the watch of an edit has it. */
    private static final double LITTLE = 0.05;

    private static final String ISSUERS = "docs/identity.md";
    private static final String DOWNLOADS = "filestream.downloads ";

    /** The state of a part: it works, an operator should look at it, or it fails and an operator must mend it. */
    enum Word { FINE, LOOK, BROKEN }

    /** @param page the page of the documentation that helps */
    record Row(String what, Word word, String text, String page) {
    }

    /** The state of the routes, without the texts of their files. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Routes(@JsonIgnoreProperties("files") Served serving, @JsonIgnoreProperties("files") Served canary,
            boolean live, String note, Rejection rejected, @JsonIgnoreProperties("files") List<Served> history,
            List<Integer> draining, Map<String, Instant> stages, List<String> rehearsal) {
    }

    /** @param traffic the samples that the reader does not have yet */
    record View(List<Row> rows, List<Sample> traffic, Failures.Lists failures, Routes routes) {
    }

    /**
     * GET {@code /actuator/files}.
     *
     * @param since time of the last sample that the reader has, in milliseconds since 1970; {@code null} for none
     */
    @ReadOperation
    public View view(@Nullable Long since) {
        Status status = live.status();
        return new View(rows(status), traffic.after(since == null ? 0 : since), failures.newestFirst(),
                new Routes(status.serving(), status.canary(), status.live(), status.note(), status.rejected(),
                        status.history(), status.draining(), status.stages(), status.rehearsal()));
    }

    private List<Row> rows(Status status) {
        List<Row> rows = new ArrayList<>();
        Map<String, Long> lately = traffic.lately();
        rows.add(downloads(lately));
        rows.add(inFlight(sum(lately, "filestream.downloads.refused ")));
        Map<String, HealthDescriptor> parts = ((CompositeHealthDescriptor) health.health()).getComponents();
        if (parts.get("storages") instanceof CompositeHealthDescriptor storages) {
            storages.getComponents().forEach((branch, storage) -> rows.add(storage(branch, storage)));
        }
        catalogue().ifPresent(rows::add);
        issuers(parts.get("keys"), lately).forEach(rows::add);
        rows.add(routes(status, parts.get("routes")));
        rows.add(memory());
        rows.add(edge(lately));
        return rows;
    }

    private static Row downloads(Map<String, Long> lately) {
        long all = sum(lately, DOWNLOADS);
        long failed = sum(lately, DOWNLOADS + ".*(cause=(broken|unreachable|denied)|resultCode=500)");
        return new Row("Downloads", failed == 0 ? Word.FINE : failed < all * LITTLE ? Word.LOOK : Word.BROKEN,
                all + " in 15 minutes, of which " + failed + " failed through the service or a store",
                "docs/logs-and-metrics.md#causes");
    }

    private Row inFlight(long refused) {
        double now = gauge("filestream.downloads.in.flight");
        double most = gauge("filestream.downloads.in.flight.limit");
        return new Row("In flight",
                now >= most ? Word.BROKEN : now > most * MUCH || refused > 0 ? Word.LOOK : Word.FINE,
                "%.0f of %.0f permits; %d refused in 15 minutes".formatted(now, most, refused),
                "docs/deployment.md#sizing");
    }

    private Row storage(String branch, HealthDescriptor health) {
        Timer first = meters.find("filestream.download.first.byte").tag("branch", branch).timer();
        double slowest = first == null ? 0 : first.max(TimeUnit.MILLISECONDS);
        return new Row("Storage of " + branch, word(health), text(health)
                + (slowest == 0 ? "" : "; slowest first byte of the last minutes %.0f ms".formatted(slowest)),
                "docs/reliability.md");
    }

    /** The pool of the catalogue's database has meters only if there is a catalogue. */
    private Optional<Row> catalogue() {
        if (meters.find("hikaricp.connections.max").gauge() == null) {
            return Optional.empty();
        }
        double waiting = gauge("hikaricp.connections.pending");
        return Optional.of(new Row("Catalogue", waiting > 0 ? Word.LOOK : Word.FINE,
                "%.0f of %.0f connections in use, %.0f look-ups wait".formatted(gauge("hikaricp.connections.active"),
                        gauge("hikaricp.connections.max"), waiting), "docs/library.md"));
    }

    private static Stream<Row> issuers(HealthDescriptor keys, Map<String, Long> lately) {
        long failed = sum(lately, "filestream.keyset.fetches outcome=failure");
        long guesses = sum(lately, "filestream.auth.guesses ");
        Word word = word(keys);
        return Stream.concat(Stream.of(new Row("Issuers of tokens", word == Word.FINE && failed > 0 ? Word.LOOK : word,
                "in 15 minutes %d failed calls, %d guesses of secrets".formatted(failed, guesses), ISSUERS)),
                ((IndicatedHealthDescriptor) keys).getDetails().entrySet().stream()
                        .filter(issuer -> !issuer.getKey().equals("reason")).map(FilesEndpoint::issuer));
    }

    private static Row issuer(Map.Entry<String, Object> issuer) {
        String state = issuer.getValue().toString();
        return new Row("Issuer " + issuer.getKey(), state.startsWith("no keys") ? Word.BROKEN
                : state.contains("the last fetch failed") ? Word.LOOK : Word.FINE, state, ISSUERS);
    }

    private static Row routes(Status status, HealthDescriptor routes) {
        Served serving = status.serving();
        String note = status.rejected() != null ? "; the last edit was rejected at stage " + status.rejected().stage()
                : status.note() != null ? "; " + status.note() : "";
        Word word = word(routes);
        return new Row("Routes", word == Word.FINE && !note.isEmpty() ? Word.LOOK : word,
                "generation " + serving.number() + (serving.label() == null ? "" : ", label " + serving.label())
                        + ", since " + serving.since() + ", by " + serving.by()
                        + (word == Word.BROKEN ? "; a route is stopped" : "") + note,
                "docs/live-routes.md");
    }

    private static Row memory() {
        long live = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                .mapToLong(pool -> pool.getCollectionUsage().getUsed()).sum();
        long most = Runtime.getRuntime().maxMemory();
        return new Row("Memory", live > most * NEARLY_ALL ? Word.BROKEN : live > most * MUCH ? Word.LOOK : Word.FINE,
                "%d of %d MB of heap in use after the last collection".formatted(live >> 20, most >> 20),
                "docs/deployment.md#memory");
    }

    private static Row edge(Map<String, Long> lately) {
        long cut = sum(lately, "filestream.connections.cut ");
        long strangers = sum(lately, DOWNLOADS + ".*cause=credentials");
        return new Row("Edge", cut > 0 ? Word.LOOK : Word.FINE, ("in 15 minutes %d connections ended by a limit, %d"
                + " downloads without valid credentials").formatted(cut, strangers),
                "docs/deployment.md#limits-of-a-connection");
    }

    /** @param series the start of a name and tags, as a regular expression */
    private static long sum(Map<String, Long> lately, String series) {
        Pattern start = Pattern.compile(series);
        return lately.entrySet().stream().filter(counter -> start.matcher(counter.getKey()).lookingAt())
                .mapToLong(Map.Entry::getValue).sum();
    }

    private double gauge(String name) {
        return meters.find(name).gauges().stream().mapToDouble(Gauge::value).sum();
    }

    private static Word word(HealthDescriptor health) {
        return health.getStatus().equals(org.springframework.boot.health.contributor.Status.UP) ? Word.FINE
                : health.getStatus().equals(org.springframework.boot.health.contributor.Status.DOWN) ? Word.BROKEN
                : Word.LOOK;
    }

    private static String text(HealthDescriptor health) {
        String details = ((IndicatedHealthDescriptor) health).getDetails().entrySet().stream()
                .map(detail -> detail.getKey() + " " + detail.getValue()).collect(Collectors.joining("; "));
        return details.isEmpty() ? health.getStatus().getCode().toLowerCase(Locale.ROOT) : details;
    }
}
