package org.ccmessaging.filestream.cli;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.settings.Examination;
import org.ccmessaging.filestream.settings.Examination.Finding;
import org.ccmessaging.filestream.settings.Examination.Given;
import org.ccmessaging.filestream.settings.Examination.Level;
import org.ccmessaging.filestream.settings.Examination.Notes;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.toolkit.LogText;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.core.io.support.SpringFactoriesLoader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/** The command {@code doctor}. It starts the beans that production uses, and no port, route or background task. */
@Command(name = DoctorCommand.NAME, description = "Tries what the service needs, with its settings: stores, issuers of"
        + " tokens, catalogue, host and routes. Changes nothing, and takes at most 20 s. Exit status: 0, 1 if something"
        + " is broken, 2 if it could not run.")
final class DoctorCommand implements Callable<Integer> {

    static final String NAME = "doctor";

    /** Output formats of findings. */
    enum Format { TEXT, JSON }

    /** After the start of the Java VM. The rest of 20 s is for the end of this process. */
    private static final long SECONDS = 19;

    /** The parameters of Camel's SQL component. */
    private static final Pattern PARAMETER = Pattern.compile(":[#?](in:)?(\\$\\{[^}]*}|[\\w.]+)|#");

    @Spec
    private CommandSpec spec;

    @Option(names = "--object", paramLabel = "BRANCH/KEY",
            description = "An object to read completely, such as standard/demo/a.pdf")
    private String object;

    @Option(names = "--access-token", paramLabel = "TOKEN",
            description = "An AccessToken to verify. @FILE reads options from a file, away from the list of processes")
    private String accessToken;

    @Option(names = "--session-token", paramLabel = "TOKEN", description = "A session token to verify")
    private String sessionToken;

    @Option(names = "--format", defaultValue = "text", paramLabel = "text|json",
            description = "How to print the findings: for people, or for programs")
    private Format format;

    @Parameters(paramLabel = "--KEY=VALUE",
            description = "After --, settings that the service gets as arguments, such as -- --server.port=8081")
    private List<String> settings = List.of();

    /** Time until an attempt that has not completed is broken. */
    private final long seconds;

    DoctorCommand() {
        this(SECONDS - TimeUnit.MILLISECONDS.toSeconds(ManagementFactory.getRuntimeMXBean().getUptime()));
    }

    DoctorCommand(long seconds) {
        this.seconds = seconds;
    }

    /** The parts of the service that answer for its surroundings. */
    @ComponentScan(basePackages = {"org.ccmessaging.filestream.storage", "org.ccmessaging.filestream.auth",
        "org.ccmessaging.filestream.library", "org.ccmessaging.filestream.cli",
        "org.ccmessaging.filestream.routes.check"},
            excludeFilters = {@ComponentScan.Filter(type = FilterType.ASSIGNABLE_TYPE, classes = SmartLifecycle.class),
                // It would make a pool of connections.
                @ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*\\.LibraryConfiguration")})
    @ImportAutoConfiguration(SslAutoConfiguration.class)
    static class Parts {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }
    }

    @Override
    public Integer call() {
        long start = System.nanoTime();
        List<Finding> findings = new ArrayList<>();
        try (ConfigurableApplicationContext service = start(findings)) {
            if (service != null) {
                examine(service, start + TimeUnit.SECONDS.toNanos(seconds), findings);
            }
            print(findings, (System.nanoTime() - start) / 1e9);
        }
        return findings.stream().anyMatch(finding -> finding.level() == Level.BROKEN) ? 1 : 0;
    }

    /** Starts the parts, at first with an unknown variable as an error. Startup only logs one. */
    private ConfigurableApplicationContext start(List<Finding> findings) {
        List<String> strict = new ArrayList<>(settings);
        strict.add("--filestream.strict-environment=true");
        Finding finding = new Finding("settings", "all", Level.OK, "names and values", "");
        for (List<String> some : List.of(strict, settings)) {
            try {
                ConfigurableApplicationContext service = new SpringApplicationBuilder(Parts.class)
                        .web(WebApplicationType.NONE).lazyInitialization(true).logStartupInfo(false)
                        .registerShutdownHook(false).run(some.toArray(String[]::new));
                findings.add(finding);
                return service;
            } catch (RuntimeException failure) {
                finding = wrong(some == strict ? Level.WARN : Level.BROKEN, failure);
            }
        }
        findings.add(finding);
        return null;
    }

    /** Reports a wrong setting in the words of startup, which show no secret. */
    private static Finding wrong(Level level, RuntimeException failure) {
        return SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, (type, name, unavailable) -> { }).stream()
                .map(analyzer -> analyzer.analyze(failure)).filter(Objects::nonNull).findFirst()
                .map(report -> new Finding("settings", "all", level, report.getDescription(), report.getAction()))
                .orElseGet(() -> new Finding("settings", "all", level, failure.getClass().getName(),
                        "Start the service: its log has the reason"));
    }

    private void examine(ConfigurableApplicationContext service, long end, List<Finding> findings) {
        Set<String> branches = service.getBean(StorageSettings.class).keySet();
        if (object != null && (!object.contains("/") || !branches.contains(object.split("/")[0]))) {
            throw new ParameterException(spec.commandLine(), "--object " + object + " is not a branch, a slash and a"
                    + " key; the branches: " + String.join(", ", branches));
        }
        Given given = new Given(object, accessToken, sessionToken, lookUps(service));
        Map<Notes, CompletableFuture<?>> attempts = new LinkedHashMap<>();
        service.getBeansOfType(Examination.class).forEach((area, its) ->
                its.attempts(given).forEach((subject, attempt) -> {
                    Notes notes = new Notes(area, subject);
                    attempts.put(notes, CompletableFuture.runAsync(
                            () -> notes.attempt("attempt", "Start the service: its log has more", attempt),
                            DoctorCommand::run));
                }));
        CompletableFuture.allOf(attempts.values().toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, end - System.nanoTime(), TimeUnit.NANOSECONDS).join();
        attempts.forEach((notes, done) -> findings.addAll(notes.end(done.isDone(), seconds)));
    }

    /** Not in a pool, because nothing ends an attempt that hangs. */
    private static void run(Runnable task) {
        Thread thread = new Thread(task, NAME);
        thread.setDaemon(true);
        thread.start();
    }

    private static List<String> lookUps(ConfigurableApplicationContext service) {
        RouteSet set = RouteSet.read(RouteFiles.read(service.getBean(RoutesSettings.class).directory()),
                service.getBean(RouteLanguage.class), service.getEnvironment()::getProperty, new Findings());
        return set.route("look-up-sql").stream().flatMap(Step::allSteps).map(Step::endpoint)
                .filter(endpoint -> endpoint.scheme().equals("sql"))
                .map(endpoint -> PARAMETER.matcher(set.resolve(endpoint.path())).replaceAll("?")).toList();
    }

    private void print(List<Finding> findings, double took) {
        PrintWriter out = spec.commandLine().getOut();
        if (format == Format.JSON) {
            out.println(JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE).build().writeValueAsString(findings));
            return;
        }
        // Branches often share a store.
        Map<Finding, String> subjects = findings.stream().collect(Collectors.groupingBy(
                finding -> new Finding(finding.area(), "", finding.level(), finding.tried(), finding.advice()),
                LinkedHashMap::new, Collectors.mapping(Finding::subject, Collectors.joining(", "))));
        subjects.forEach((finding, its) -> {
            out.println(row(name(finding.level()), finding.area(), its + ": " + finding.tried()));
            if (!finding.advice().isEmpty()) {
                out.println(row("", "", "-> " + finding.advice()));
            }
        });
        out.printf(Locale.ROOT, "%s, %.1f s%n", Stream.of(Level.values()).map(level -> findings.stream()
                .filter(finding -> finding.level() == level).count() + " " + name(level))
                .collect(Collectors.joining(", ")), took);
    }

    private static String name(Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }

    /** Wraps the text at spaces only, so that names of settings stay in one piece. */
    private static String row(String level, String area, String text) {
        return String.format("%-8s%-11s%s", level, area, LogText.visible(text.replaceAll("\\s+", " "))
                .replaceAll("(\\S{79,}|.{1,78})(\\s|$)", "$1\n" + " ".repeat(22))).stripTrailing();
    }
}
