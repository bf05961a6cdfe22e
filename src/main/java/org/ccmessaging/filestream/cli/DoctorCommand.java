package org.ccmessaging.filestream.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.ccmessaging.filestream.observe.IdDigest;
import org.ccmessaging.filestream.observe.LogSettings;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.RouteFiles;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.settings.BoundSettings;
import org.ccmessaging.filestream.settings.LibrarySettings;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.settings.SettingsCheck;
import org.ccmessaging.filestream.settings.SettingsValidator;
import org.ccmessaging.filestream.storage.StorageProbe;
import org.ccmessaging.filestream.storage.StorageProbe.Down;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.storage.s3.StoreChecks;
import org.ccmessaging.filestream.storage.s3.StoreChecks.Diagnosis;
import org.ccmessaging.filestream.storage.s3.StoreChecks.Level;
import org.ccmessaging.filestream.toolkit.LogText;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.FailureAnalysis;
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
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.function.SingletonSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code doctor}, which opens no port and starts no route. Its only periodic task fetches key sets. */
@Command(name = "doctor", description = "Tries what the service needs, with its settings: storages, key sets of"
        + " issuers, the catalogue and the routes. Changes nothing. Exit status: 0, 1 if something is critical, 2 if it"
        + " could not run.")
final class DoctorCommand implements Callable<Integer> {

    /** Maximum wait for the key sets, which a background task fetches. */
    private static final int SECONDS_OF_KEYS = 10;

    private static final String CATALOGUE = "library.catalogue";

    @Spec
    private CommandSpec spec;

    @Option(names = "--object", paramLabel = "BRANCH/KEY",
            description = "An object of a bucket to read completely, such as standard/demo/a.pdf")
    private String object;

    @Option(names = "--log-id", paramLabel = "ID", description = "Only prints the hash of this ID in the log")
    private String logId;

    @Parameters(paramLabel = "--KEY=VALUE",
            description = "After --, settings that the service gets as arguments, such as -- --server.port=8081")
    private List<String> settings = List.of();

    private boolean critical;

    /** The beans of the service that this command uses. */
    @ComponentScan(basePackages = {"org.ccmessaging.filestream.storage", "org.ccmessaging.filestream.auth",
        "org.ccmessaging.filestream.library"},
            excludeFilters = @ComponentScan.Filter(type = FilterType.ASSIGNABLE_TYPE, classes = SmartLifecycle.class))
    @ImportAutoConfiguration({SslAutoConfiguration.class, ValidationAutoConfiguration.class})
    @ConfigurationPropertiesScan("org.ccmessaging.filestream")
    @Import({SimpleMeterRegistry.class, BoundSettings.class, SettingsCheck.class, SettingsValidator.class})
    static class Parts {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }
    }

    @Override
    public Integer call() {
        // Allows more time for a connection than the service does, because the first connection also loads the driver.
        Stream<String> arguments = Stream.concat(settings.stream(),
                Stream.of("--spring.datasource.hikari.connection-timeout=3000"));
        try (ConfigurableApplicationContext service = new SpringApplicationBuilder(Parts.class)
                .web(WebApplicationType.NONE).lazyInitialization(true).logStartupInfo(false)
                .registerShutdownHook(false).run(arguments.toArray(String[]::new))) {
            Secret idKey = service.getBean(LogSettings.class).idKey();
            if (logId != null && idKey == null) {
                throw new ParameterException(spec.commandLine(), "--log-id needs filestream.log.id-key");
            }
            if (logId != null) {
                spec.commandLine().getOut().println(new IdDigest(idKey).of(logId));
                return 0;
            }
            Collection<String> buckets = service.getBean(StorageSettings.class).ofType(StorageSettings.Type.S3);
            String[] named = String.valueOf(object).split("/", 2);
            if (object != null && (named.length < 2 || !buckets.contains(named[0]))) {
                throw new ParameterException(spec.commandLine(), "--object " + object + " is not a branch of type s3, a"
                        + " slash and a key; " + (buckets.isEmpty() ? "no branch is of type s3"
                        : "the branches: " + String.join(", ", buckets)));
            }
            attempt("settings", () -> service.getBean(SettingsCheck.class).withoutEffect().stream()
                    .map(name -> new Diagnosis(Level.WARNING, "No such setting: " + name,
                            "Correct the spelling, or take it out")).toList());
            StoreChecks stores = service.getBean(StoreChecks.class);
            // The files are read on first use, so that an unreadable file fails only the attempts that need the files.
            Supplier<RouteFiles> files = SingletonSupplier.of(() ->
                    RouteFiles.read(service.getBean(RoutesSettings.class).directory()));
            service.getBeanProvider(StorageProbe.class).forEach(probe -> probe.names().forEach(name -> attempt(name,
                    () -> name.equals(CATALOGUE) ? catalogue(service, files.get())
                            : storage(probe, name, buckets.contains(name) ? stores : null,
                                    named[0].equals(name) ? named[1] : null))));
            attempt("owners", () -> List.of(stores.owners()));
            attempt("identity", () -> identity(service));
            attempt("routes", () -> routes(service.getEnvironment(), files.get()));
            return critical ? 1 : 0;
        }
    }

    private void attempt(String subject, Callable<List<Diagnosis>> attempt) {
        List<Diagnosis> findings;
        try {
            findings = attempt.call();
        } catch (Exception failure) {
            FailureAnalysis analysis = Commands.analysis(failure).orElseGet(() -> new FailureAnalysis(
                    NestedExceptionUtils.getMostSpecificCause(failure).toString(),
                    "Start the service: its log has more", failure));
            findings = List.of(new Diagnosis(Level.CRITICAL, analysis.getDescription(), analysis.getAction()));
        }
        PrintWriter out = spec.commandLine().getOut();
        for (Diagnosis finding : findings) {
            critical |= finding.level() == Level.CRITICAL;
            String level = finding.level() == Level.OK ? "OK" : finding.level().name().toLowerCase(Locale.ROOT);
            out.println(String.format("%-10s%s: %s", level, subject, inOneLine(finding.text())));
            if (!finding.advice().isEmpty()) {
                out.println("          -> " + inOneLine(finding.advice()));
            }
        }
    }

    /** Replaces line breaks, which a message of a store or a database may contain. */
    private static String inOneLine(String text) {
        return LogText.visible(text.strip().replaceAll("\\s+", " "));
    }

    /** @param stores {@code null} for a branch that is not of type {@code s3} */
    private static List<Diagnosis> storage(StorageProbe probe, String branch, StoreChecks stores, String key) {
        Down down = probe.probe(branch);
        return down != null ? List.of(new Diagnosis(Level.CRITICAL, down.reason(), down.advice()))
                : stores == null ? List.of(new Diagnosis(Level.OK, "there", "")) : stores.examine(branch, key);
    }

    /** Does not use the catalogue's probe, because the probe may create or migrate the catalogue's table. */
    private static List<Diagnosis> catalogue(ConfigurableApplicationContext service, RouteFiles files) {
        LibrarySettings library = service.getBean(LibrarySettings.class);
        RouteSet routes = RouteSet.read(files, service.getEnvironment()::getProperty);
        return new StatementCheck(service.getBean(DataSource.class), routes, library).findings();
    }

    private static List<Diagnosis> identity(ConfigurableApplicationContext service) throws InterruptedException {
        HealthIndicator keys = service.getBean("keysHealthIndicator", HealthIndicator.class);
        Health health = keys.health();
        for (int second = 0; second < SECONDS_OF_KEYS && !health.getStatus().equals(Status.UP); second++) {
            Thread.sleep(TimeUnit.SECONDS.toMillis(1));
            health = keys.health();
        }
        if (!health.getStatus().equals(Status.UP)) {
            return List.of(new Diagnosis(Level.CRITICAL, String.valueOf(health.getDetails()),
                    "Correct the setting, or the network between the service and the issuer"));
        }
        ConfigurableEnvironment environment = service.getEnvironment();
        boolean issues = environment.getProperty("filestream.auth.token-endpoints", Boolean.class)
                && Binder.get(environment).bind("filestream.auth.apps", Bindable.mapOf(String.class, Object.class))
                        .isBound();
        return List.of(!health.getDetails().isEmpty() ? new Diagnosis(Level.OK, "key sets " + health.getDetails(), "")
                : issues ? new Diagnosis(Level.OK, "apps fetch tokens here", "")
                : new Diagnosis(Level.WARNING, "nobody can fetch a token: there is no external issuer, and no app may"
                        + " fetch tokens here", "Set filestream.auth.token-endpoints=true and filestream.auth.apps, or"
                        + " an issuer (docs/identity.md)"));
    }

    private static List<Diagnosis> routes(ConfigurableEnvironment environment, RouteFiles files) {
        Report report = QuietApplication.with(environment).check().run(files);
        return List.of(new Diagnosis(report.hasErrors() ? Level.CRITICAL : Level.OK, report.summary()
                + (report.hasErrors() ? ", such as " + report.lines().get(0) : ""),
                report.hasErrors() ? "`routes check` lists all" : ""));
    }
}
