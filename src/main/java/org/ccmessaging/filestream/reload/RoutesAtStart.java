package org.ccmessaging.filestream.reload;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Check;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The routes of a service that loads them at its start alone: one generation, which nothing replaces. */
@Component
final class RoutesAtStart implements LiveRoutes {

    private static final String RESTART = "this version loads routes at its start: restart the service to load an edit";

    private final RoutesSettings settings;
    private final ObjectProvider<Check> check;
    private final Served serving;

    RoutesAtStart(RoutesSettings settings, ObjectProvider<Check> check, Clock clock, ReloadMeters meters) {
        this.settings = settings;
        this.check = check;
        this.serving = served(RouteFiles.read(settings.directory()), clock.instant());
        meters.serves(serving.sha256());
    }

    private static Served served(RouteFiles files, Instant since) {
        Map<String, String> texts = new LinkedHashMap<>();
        files.contents().forEach((file, content) ->
                texts.put(file.getFileName().toString(), new String(content, StandardCharsets.UTF_8)));
        return new Served(1, files.sha256(), since, "start", null, texts);
    }

    @Override
    public Status status() {
        String now = filesSha256();
        return new Status(serving, List.of(), false, now, !serving.sha256().equals(now), null);
    }

    private String filesSha256() {
        try {
            return RouteFiles.read(settings.directory()).sha256();
        } catch (UncheckedIOException unreadable) {
            return null;
        }
    }

    @Override
    public List<Served> history() {
        return List.of(serving);
    }

    @Override
    public Attempt check(String by) {
        long start = System.nanoTime();
        Report report = check.getObject().run(settings.directory());
        return report.hasErrors() ? attempt("rejected", "check", report.lines(), start)
                : attempt("passed", null, report.lines(), start);
    }

    @Override
    public Attempt reload(String by) {
        long start = System.nanoTime();
        return serving.sha256().equals(filesSha256()) ? attempt("unchanged", null, List.of(), start)
                : attempt("rejected", "start", List.of(RESTART), start);
    }

    @Override
    public Attempt rollback(int number, String by) {
        return attempt("unchanged", null, List.of(), System.nanoTime());
    }

    private Attempt attempt(String outcome, String stage, List<String> messages, long start) {
        return new Attempt(outcome, serving.number(), stage, messages, (System.nanoTime() - start) / 1_000_000);
    }
}
