package org.ccmessaging.filestream.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.RouteFiles;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.settings.Examination.Finding;
import org.ccmessaging.filestream.settings.Examination.Given;
import org.ccmessaging.filestream.settings.Examination.Level;
import org.ccmessaging.filestream.settings.Examination.Notes;
import org.ccmessaging.filestream.settings.Examination;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command {@code doctor}. It starts the beans that health and startup use, and no port, route or background task,
 * and prints what these beans find with an advice.
 */
@Command(name = DoctorCommand.NAME, description = "Tries what the service needs, with its settings: stores, issuers of"
        + " tokens, catalogue and routes. Changes nothing, and takes at most a minute. Exit status: 0, 1 if something"
        + " is broken, 2 if it could not run.")
final class DoctorCommand implements Callable<Integer> {

    static final String NAME = "doctor";

    /** Maximum duration in seconds. Attempts have their own, shorter limits, but for a folder of a remote server. */
    private static final long SECONDS = 60;

    /** Output formats of findings. */
    enum Format { TEXT, JSON }

    @Spec
    private CommandSpec spec;

    @Option(names = "--object", paramLabel = "BRANCH/KEY",
            description = "An object of a bucket to read completely, such as standard/demo/a.pdf")
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

    private final long seconds;

    DoctorCommand() {
        this(SECONDS);
    }

    DoctorCommand(long seconds) {
        this.seconds = seconds;
    }

    /** The parts of the service that answer for its surroundings. */
    @ComponentScan(basePackages = {"org.ccmessaging.filestream.storage", "org.ccmessaging.filestream.auth",
        "org.ccmessaging.filestream.library"},
            excludeFilters = {@ComponentScan.Filter(type = FilterType.ASSIGNABLE_TYPE, classes = SmartLifecycle.class),
                // It would make a pool of connections.
                @ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*\\.LibraryConfiguration")})
    @ImportAutoConfiguration(SslAutoConfiguration.class)
    @Import(SimpleMeterRegistry.class)
    static class Parts {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        Examination host(RoutesSettings settings, ConfigurableEnvironment environment) {
            return given -> Map.of("routes", notes -> {
                Report report = QuietApplication.with(environment).check().run(RouteFiles.read(settings.directory()));
                notes.must(!report.hasErrors(), "check: " + report.summary() + (report.hasErrors() ? ", such as "
                        + report.lines().get(0) : ""), "`routes check` lists all");
            });
        }
    }

    @Override
    public Integer call() {
        long start = System.nanoTime();
        List<Finding> findings = new ArrayList<>();
        try (ConfigurableApplicationContext service = start(findings)) {
            if (service != null) {
                examine(service, findings);
            }
            print(findings, (System.nanoTime() - start) / 1e9);
        }
        return findings.stream().anyMatch(finding -> finding.level() == Level.BROKEN) ? 1 : 0;
    }

    /** Starts the parts, or reports a wrong setting in the words of startup, which show no secret. */
    private ConfigurableApplicationContext start(List<Finding> findings) {
        try {
            return new SpringApplicationBuilder(Parts.class).web(WebApplicationType.NONE).lazyInitialization(true)
                    .logStartupInfo(false).registerShutdownHook(false).run(settings.toArray(String[]::new));
        } catch (RuntimeException failure) {
            FailureAnalysis report = SpringFactoriesLoader.forDefaultResourceLocation()
                    .load(FailureAnalyzer.class, (type, name, unavailable) -> { }).stream()
                    .map(analyzer -> analyzer.analyze(failure)).filter(Objects::nonNull).findFirst()
                    .orElseGet(() -> new FailureAnalysis(failure.getClass().getName(),
                            "Start the service: its log has the reason", failure));
            findings.add(new Finding("settings", "all", Level.BROKEN, report.getDescription(), report.getAction()));
            return null;
        }
    }

    private void examine(ConfigurableApplicationContext service, List<Finding> findings) {
        Collection<String> branches = service.getBean(StorageSettings.class).ofType(StorageSettings.Type.S3);
        if (object != null && (!object.contains("/") || !branches.contains(object.split("/")[0]))) {
            throw new ParameterException(spec.commandLine(), "--object " + object + " is not a branch of type s3, a"
                    + " slash and a key; the branches: " + String.join(", ", branches));
        }
        Given given = new Given(object, accessToken, sessionToken, lookUps(service));
        // Threads that do not keep the process, because nothing ends an attempt at a folder that hangs.
        SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor(NAME);
        threads.setDaemon(true);
        Map<Notes, CompletableFuture<Void>> attempts = new LinkedHashMap<>();
        service.getBeansOfType(Examination.class).forEach((area, examination) -> examination.attempts(given)
                .forEach((subject, attempt) -> {
                    Notes notes = new Notes(area, subject);
                    attempts.put(notes, CompletableFuture.runAsync(() -> notes.take(attempt), threads));
                }));
        CompletableFuture.allOf(attempts.values().toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, seconds, TimeUnit.SECONDS).join();
        attempts.forEach((notes, end) -> {
            if (!end.isDone()) {
                notes.failed("no result within " + seconds + " s", "Look for a server, a disk or a firewall that does"
                        + " not respond, or run the command where it gets more of a processor");
            }
            findings.addAll(notes.findings());
        });
    }

    private static List<String> lookUps(ConfigurableApplicationContext service) {
        RouteSet set = RouteSet.read(RouteFiles.read(service.getBean(RoutesSettings.class).directory()),
                service.getEnvironment()::getProperty);
        return set.route("look-up-sql").stream().flatMap(Step::allSteps).map(Step::endpoint)
                .filter(endpoint -> endpoint.scheme().equals("sql"))
                .map(endpoint -> set.resolve(endpoint.path())).toList();
    }

    private void print(List<Finding> findings, double took) {
        PrintWriter out = spec.commandLine().getOut();
        if (format == Format.JSON) {
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build()
                    .writeValueAsString(findings).lines().forEach(out::println);
            return;
        }
        // Branches often share a store.
        Map<Finding, String> subjects = findings.stream().collect(Collectors.groupingBy(
                finding -> new Finding(finding.area(), "", finding.level(), finding.tried(), finding.advice()),
                LinkedHashMap::new, Collectors.mapping(Finding::subject, Collectors.joining(", "))));
        subjects.forEach((finding, branches) -> {
            out.println(String.format("%-8s%-11s%s", finding.level(), finding.area(), branches + ": "
                    + finding.tried().replaceAll("\\s+", " ")));
            if (!finding.advice().isEmpty()) {
                out.println(" ".repeat(19) + "-> " + finding.advice());
            }
        });
        out.printf(Locale.ROOT, "%s, %.1f s%n", Stream.of(Level.values()).map(level -> findings.stream()
                .filter(finding -> finding.level() == level).count() + " " + level)
                .collect(Collectors.joining(", ")), took);
    }
}
