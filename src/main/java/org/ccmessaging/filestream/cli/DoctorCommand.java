package org.ccmessaging.filestream.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.RouteFiles;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.settings.SettingsCheck;
import org.ccmessaging.filestream.settings.SettingsValidator;
import org.ccmessaging.filestream.storage.StorageProbe;
import org.ccmessaging.filestream.storage.StorageProbe.Down;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.storage.s3.StoreChecks;
import org.ccmessaging.filestream.storage.s3.StoreChecks.Diagnosis;
import org.ccmessaging.filestream.storage.s3.StoreChecks.Level;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;
import org.springframework.core.NestedExceptionUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command {@code doctor}. It runs the probes of health, the compatibility test of stores, and the check of routes,
 * with the beans and settings of the service, and prints what to do. It starts no port, route or background task.
 */
@Command(name = DoctorCommand.NAME, description = "Tries what the service needs, with its settings: storages, key sets"
        + " of issuers, the catalogue and the routes. Changes nothing. Exit status: 0, 1 if something is broken, 2 if"
        + " it could not run.")
final class DoctorCommand implements Callable<Integer> {

    static final String NAME = "doctor";

    /** The wait for the first fetch of a key set, which runs in the background. */
    private static final int SECONDS_OF_KEYS = 10;

    @Spec
    private CommandSpec spec;

    @Option(names = "--object", paramLabel = "BRANCH/KEY",
            description = "An object of a bucket to read completely, such as standard/demo/a.pdf")
    private String object;

    @Parameters(paramLabel = "--KEY=VALUE",
            description = "After --, settings that the service gets as arguments, such as -- --server.port=8081")
    private List<String> settings = List.of();

    private boolean broken;

    /** The parts of the service that have probes. */
    @ComponentScan(basePackages = {"org.ccmessaging.filestream.storage", "org.ccmessaging.filestream.auth",
        "org.ccmessaging.filestream.library"},
            excludeFilters = @ComponentScan.Filter(type = FilterType.ASSIGNABLE_TYPE, classes = SmartLifecycle.class))
    @ImportAutoConfiguration({SslAutoConfiguration.class, ValidationAutoConfiguration.class})
    @ConfigurationPropertiesScan("org.ccmessaging.filestream")
    @Import({SimpleMeterRegistry.class, SettingsCheck.class, SettingsValidator.class})
    static class Parts {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }
    }

    @Override
    public Integer call() {
        // A probe of the catalogue would create its table. The first connection of a process loads the driver.
        Stream<String> arguments = Stream.concat(settings.stream(), Stream.of("--filestream.library.migrate=false",
                "--spring.datasource.hikari.connection-timeout=3000"));
        try (ConfigurableApplicationContext service = new SpringApplicationBuilder(Parts.class)
                .web(WebApplicationType.NONE).lazyInitialization(true).logStartupInfo(false)
                .registerShutdownHook(false).run(arguments.toArray(String[]::new))) {
            Collection<String> buckets = service.getBean(StorageSettings.class).ofType(StorageSettings.Type.S3);
            String[] named = String.valueOf(object).split("/", 2);
            if (object != null && (named.length < 2 || !buckets.contains(named[0]))) {
                throw new ParameterException(spec.commandLine(), "--object " + object + " is not a branch of type s3, a"
                        + " slash and a key; the branches: " + String.join(", ", buckets));
            }
            attempt("settings", () -> service.getBean(SettingsCheck.class).withoutEffect().stream()
                    .map(name -> new Diagnosis(Level.WARN, "No such setting: " + name,
                            "Correct the spelling, or take it out")).toList());
            StoreChecks stores = service.getBean(StoreChecks.class);
            service.getBeanProvider(StorageProbe.class).forEach(probe -> probe.names().forEach(name ->
                    attempt(name, () -> {
                        Down down = probe.probe(name);
                        return down != null ? List.of(new Diagnosis(Level.BROKEN, down.reason(), down.advice()))
                                : !buckets.contains(name) ? List.of(new Diagnosis(Level.OK, "there", ""))
                                : stores.examine(name, named[0].equals(name) ? named[1] : null);
                    })));
            service.getBeansOfType(HealthIndicator.class).forEach((name, indicator) ->
                    attempt(name.replace("HealthIndicator", ""), () -> health(indicator)));
            attempt("owners", () -> List.of(stores.owners()));
            attempt("routes", () -> routes(service));
            return broken ? 1 : 0;
        }
    }

    private void attempt(String subject, Callable<List<Diagnosis>> attempt) {
        List<Diagnosis> findings;
        try {
            findings = attempt.call();
        } catch (Exception failure) {
            Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
            findings = List.of(new Diagnosis(Level.BROKEN, cause.toString(), "Start the service: its log has more"));
        }
        PrintWriter out = spec.commandLine().getOut();
        for (Diagnosis finding : findings) {
            broken |= finding.level() == Level.BROKEN;
            out.println(String.format("%-8s%s: %s", finding.level().name().toLowerCase(Locale.ROOT), subject,
                    finding.text().replaceAll("\\s+", " ")));
            if (!finding.advice().isEmpty()) {
                out.println("        -> " + finding.advice());
            }
        }
    }

    private static List<Diagnosis> health(HealthIndicator indicator) throws InterruptedException {
        Health health = indicator.health();
        for (int second = 0; second < SECONDS_OF_KEYS && !health.getStatus().equals(Status.UP); second++) {
            Thread.sleep(TimeUnit.SECONDS.toMillis(1));
            health = indicator.health();
        }
        boolean up = health.getStatus().equals(Status.UP);
        return List.of(new Diagnosis(up ? Level.OK : Level.BROKEN, health.getStatus() + " " + health.getDetails(),
                up ? "" : "Correct the setting, or the network between the service and the issuer"));
    }

    private static List<Diagnosis> routes(ConfigurableApplicationContext service) {
        Report report = QuietApplication.with(service.getEnvironment()).check()
                .run(RouteFiles.read(service.getBean(RoutesSettings.class).directory()));
        return List.of(new Diagnosis(report.hasErrors() ? Level.BROKEN : Level.OK, report.summary()
                + (report.hasErrors() ? ", such as " + report.lines().get(0) : ""),
                report.hasErrors() ? "`routes check` lists all" : ""));
    }
}
