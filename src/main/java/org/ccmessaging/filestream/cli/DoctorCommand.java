package org.ccmessaging.filestream.cli;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
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
import java.util.stream.IntStream;
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
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.io.support.SpringFactoriesLoader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

    /** The rest of 20 s is for the start of the Java VM and the end of this process. */
    private static final int SECONDS = 18;

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

    private final Map<String, Object> settings;
    private final int seconds;

    DoctorCommand() {
        this(Map.of(), SECONDS);
    }

    /**
     * @param settings take precedence over those of the installation
     * @param seconds after which an attempt is broken
     */
    DoctorCommand(Map<String, Object> settings, int seconds) {
        this.settings = settings;
        this.seconds = seconds;
    }

    /** The parts of the service that answer for its surroundings. */
    @ComponentScan(basePackages = {"org.ccmessaging.filestream.storage", "org.ccmessaging.filestream.auth",
        "org.ccmessaging.filestream.library", "org.ccmessaging.filestream.cli",
        "org.ccmessaging.filestream.routes.check"},
            excludeFilters = @ComponentScan.Filter(type = FilterType.ASSIGNABLE_TYPE, classes = SmartLifecycle.class))
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
        Map<String, Object> strict = new HashMap<>(settings);
        strict.put("filestream.strict-environment", "true");
        Finding finding = new Finding("settings", "all", Level.OK, "names and values", "");
        for (Map<String, Object> some : List.of(strict, settings)) {
            try {
                ConfigurableApplicationContext service = start(some);
                findings.add(finding);
                return service;
            } catch (RuntimeException failure) {
                finding = wrong(some == strict ? Level.WARN : Level.BROKEN, failure);
            }
        }
        findings.add(finding);
        return null;
    }

    private static ConfigurableApplicationContext start(Map<String, Object> first) {
        return new SpringApplicationBuilder(Parts.class).web(WebApplicationType.NONE).lazyInitialization(true)
                .logStartupInfo(false).registerShutdownHook(false).initializers(starting -> starting.getEnvironment()
                        .getPropertySources().addFirst(new MapPropertySource(NAME, first))).run();
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
        Help.TextTable table = Help.TextTable.forColumns(Help.defaultColorScheme(Help.Ansi.OFF), IntStream.of(8, 11, 81)
                .mapToObj(width -> new Column(width, 0, Column.Overflow.WRAP)).toArray(Column[]::new));
        subjects.forEach((finding, its) -> {
            table.addRowValues(name(finding.level()), finding.area(), line(its + ": " + finding.tried()));
            if (!finding.advice().isEmpty()) {
                table.addRowValues("", "", line("-> " + finding.advice()));
            }
        });
        out.print(table);
        out.printf(Locale.ROOT, "%s, %.1f s%n", Stream.of(Level.values()).map(level -> findings.stream()
                .filter(finding -> finding.level() == level).count() + " " + name(level))
                .collect(Collectors.joining(", ")), took);
    }

    private static String name(Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }

    private static String line(String text) {
        return LogText.visible(text.replaceAll("\\s+", " "));
    }
}
