package org.ccmessaging.filestream.routes.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.InterceptStrategy;
import org.ccmessaging.filestream.routes.check.Json;
import org.ccmessaging.filestream.routes.check.Names;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.FileSystemUtils;
import org.springframework.web.context.support.StandardServletEnvironment;

/** The real service with the routes of a folder, on a free port, in front of a store in memory. */
final class TestService implements AutoCloseable {

    /** The app of a request that names none, and what the token endpoints know of it. */
    static final String APP = "demo-app";
    static final String TENANT = "demo";

    /**
     * The endpoints whose routes do not start: all that would work without a request of a test, such as a broker, which
     * hands a message to the test or to the service that runs beside it.
     */
    private static final String RECEIVE_FROM_OUTSIDE = "(?!(platform-http|direct|seda):)[a-z0-9+.-]+:.*";

    /** These win over the settings of the installation, so that a run needs nothing and takes no time. */
    static final Map<String, Object> SETTINGS = Map.ofEntries(
            Map.entry("server.port", 0), Map.entry("server.address", "127.0.0.1"),
            Map.entry("management.server.port", -1),
            Map.entry("camel.main.auto-startup-exclude-pattern", RECEIVE_FROM_OUTSIDE),
            Map.entry("filestream.routes.watch", "0s"),
            // No test depends on what another one looked up.
            Map.entry("filestream.routes.remember-keys", "1ns"),
            Map.entry("filestream.auth.token-endpoints", true),
            Map.entry("filestream.auth.apps." + APP + ".secret", "demo-secret"),
            Map.entry("filestream.auth.apps." + APP + ".tenant-id", TENANT),
            Map.entry("filestream.download.first-byte-timeout", "5s"),
            Map.entry("filestream.download.stall-timeout", "5s"),
            Map.entry("filestream.s3.region", "us-east-1"), Map.entry("filestream.s3.path-style-access", true),
            Map.entry("filestream.s3.access-key", "test"), Map.entry("filestream.s3.secret-key", "test"),
            Map.entry("filestream.s3.read-timeout", "1s"), Map.entry("filestream.s3.max-attempts", 2),
            Map.entry("filestream.s3.circuit-open-time", "0s"));

    private static final String OURS = "org.ccmessaging.filestream.";

    /** The type of files whose test names none, unless the installation does not accept it. */
    private static final String USUAL_TYPE = "txt";

    private final Credentials credentials = new Credentials();
    private final Client client = new Client(credentials);
    private final Tests tests = new Tests();
    private final Recorder recorder = new Recorder(tests);
    private final Store store;
    private final Path folder;
    private final ConfigurableApplicationContext context;
    private final Exceptions exceptions;
    private final List<Route> leftOut;
    private final String fileType;

    /**
     * Starts it.
     *
     * @param application the class of the Spring application
     * @param routes the folder of the routes
     * @param set what it holds
     * @param installation the settings of the installation
     * @param settings win over all others
     * @param listener hears how it starts
     * @throws RuntimeException if it does not start with these routes
     */
    TestService(Class<?> application, Path routes, RouteSet set, RunSettings installation,
            Map<String, String> settings, ApplicationListener<ApplicationEvent> listener) {
        try {
            store = new Store();
            folder = Files.createTempDirectory("filestream-routes-test").toRealPath();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        SpringApplication spring = new SpringApplication(application);
        spring.setBannerMode(Banner.Mode.OFF);
        spring.setLogStartupInfo(false);
        spring.setRegisterShutdownHook(false);
        spring.setEnvironment(new NoEnvironment());
        spring.addListeners(listener);
        spring.addInitializers(
                starting -> prepare((GenericApplicationContext) starting, routes, installation, settings));
        try {
            context = spring.run("--logging.config=classpath:route-check/test-log.xml",
                    "--spring.config.location=classpath:/");
        } catch (RuntimeException failure) {
            release();
            throw failure;
        }
        exceptions = new Exceptions(camel().getClassResolver(), failures(set));
        leftOut = set.routes().stream().filter(route -> route.precondition().isPresent() && !recorder.has(route))
                .toList();
        Set<String> types = context.getBean(DownloadSettings.class).fileTypes();
        fileType = types.contains(USUAL_TYPE) ? USUAL_TYPE : types.iterator().next();
        tests.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
        tests.start();
        root().addAppender(tests);
    }

    /** The classes that clauses of the routes and their steps name. */
    private static Set<String> failures(RouteSet set) {
        return set.allSteps().flatMap(step -> step.name().equals("throwException")
                        ? Stream.of(step.field("exceptionType")) : step.exceptions().stream())
                .map(Value::text).filter(name -> !name.isEmpty()).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Logger root() {
        return ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
    }

    /** No environment variables and no system properties: they hold secrets and settings of the installation. */
    private static final class NoEnvironment extends StandardServletEnvironment {

        @Override
        protected void customizePropertySources(MutablePropertySources sources) {
            // None.
        }

        @Override
        public Map<String, Object> getSystemEnvironment() {
            return Map.of();
        }
    }

    private void prepare(GenericApplicationContext starting, Path routes, RunSettings installation,
            Map<String, String> settings) {
        ConfigurableEnvironment environment = starting.getEnvironment();
        // By this name Spring Boot reads variables in it.
        environment.getPropertySources().addFirst(new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.copyOf(installation.variables())));
        environment.getPropertySources().addFirst(
                new MapPropertySource("settings of the installation", Map.copyOf(installation.values())));
        Map<String, Object> all = new HashMap<>(SETTINGS);
        all.putAll(credentials.settings());
        all.put("filestream.routes.directory", routes.toAbsolutePath().normalize().toString());
        all.put("filestream.s3.endpoint", store.endpoint().toString());
        all.putAll(settings);
        environment.getPropertySources().addFirst(new MapPropertySource("settings of a test", all));
        Map<String, Object> roots = new HashMap<>();
        Binder.get(environment).bind("filestream.storage", Bindable.mapOf(String.class, Object.class)).get().keySet()
                .forEach(branch ->
                        roots.put("filestream.storage." + branch + ".root", folder.resolve(branch).toString()));
        environment.getPropertySources().addFirst(new MapPropertySource("roots of a run", roots));
        starting.registerBean("recorderOfTests", InterceptStrategy.class, () -> recorder);
        starting.registerBean("tests", Tests.class, () -> tests);
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
    }

    private CamelContext camel() {
        return context.getBean(CamelContext.class);
    }

    Recorder recorder() {
        return recorder;
    }

    /** The routes that are not there, because their precondition is false with these settings. */
    List<Route> leftOut() {
        return leftOut;
    }

    /** Whether there is such a bean, and the product does not bring it. */
    boolean isOfAuthors(String bean) {
        return context.containsBean(bean) && !String.valueOf(context.getType(bean)).contains(OURS);
    }

    /**
     * Runs a test and says what came otherwise than expected. Afterwards nothing of it is left.
     *
     * @param untold if one of these steps runs, nothing is said
     */
    Result run(TestCase test, Set<String> untold) {
        long start = System.nanoTime();
        StepNames names = new StepNames(recorder.steps(), leftOut);
        List<Mismatch> mismatches = new ArrayList<>(names.unknown(test));
        Optional<Route> without = names.leftOut(test);
        if (mismatches.isEmpty() && without.isPresent()) {
            return new Result(test, List.of(), List.of(), System.nanoTime() - start, without.get());
        }
        Running running = running(test, mismatches);
        List<Running.LogLine> log = List.of();
        try {
            putFiles(test, mismatches);
            if (mismatches.isEmpty()) {
                tests.run(running);
                HttpResponse<String> response = client.send(address(), test.request(), fileType);
                tests.awaitEnd();
                Outcome outcome = Outcome.of(response, running);
                log = outcome.log();
                if (Collections.disjoint(untold, outcome.steps())) {
                    mismatches.addAll(Expectations.compare(test, outcome));
                }
            }
        } catch (RuntimeException none) {
            mismatches.add(Mismatch.of(test.place(), "the response", "a response", "none: " + none.getMessage()));
        } finally {
            tests.run(null);
            clear();
        }
        return new Result(test, List.copyOf(mismatches), log.stream().map(Running.LogLine::text).toList(),
                System.nanoTime() - start, null);
    }

    private Running running(TestCase test, List<Mismatch> mismatches) {
        Map<String, Running.Mock> mocks = new LinkedHashMap<>();
        test.mocks().forEach((step, mock) -> {
            Value body = mock.get("body");
            mocks.put(step, new Running.Mock(mock, body.isMissing() ? null : body.isScalar() ? body.text()
                    : Json.of(body).toString(), thrown(mock.get("exception"), mock, null, mismatches)));
        });
        Map<String, Running.Thrown> faults = new LinkedHashMap<>();
        test.faults().forEach((step, fault) -> {
            if (!fault.isOfStore()) {
                faults.put(step, thrown(fault.exception(), fault.message(), fault, fault.place(), mismatches));
            } else if (recorder.asksStore(step)) {
                store.fail(fault);
            } else if (recorder.steps().contains(step)) {
                mismatches.add(Mismatch.of(fault.place(), "fail", "a step that asks the store, such as get-object",
                        step + ", which can only fail with an exception: {exception: IOException}"));
            }
        });
        return Running.of(mocks, faults);
    }

    private Running.Thrown thrown(Value exception, Value mock, Fault fault, List<Mismatch> mismatches) {
        return exception.isMissing() ? null
                : thrown(exception.text(), mock.get("message").text(), fault, exception.place(), mismatches);
    }

    private Running.Thrown thrown(
            String name, String message, Fault fault, Place place, List<Mismatch> mismatches) {
        Optional<Class<? extends Exception>> type = exceptions.find(name);
        if (type.isEmpty()) {
            mismatches.add(Mismatch.of(place, "exception", name, "no such class. "
                    + Names.didYouMean(name, exceptions.known(), "Write its complete name")));
            return null;
        }
        return new Running.Thrown(type.get(), message.isEmpty() ? "a test wants it so" : message, fault);
    }

    /** The branches of the service by their names. */
    Map<String, StorageSettings.Branch> branches() {
        return context.getBean(StorageSettings.class).byName();
    }

    private void putFiles(TestCase test, List<Mismatch> mismatches) {
        Map<String, StorageSettings.Branch> branches = branches();
        for (TestCase.StoredFile file : test.files()) {
            StorageSettings.Branch branch = branches.get(file.branch().name());
            if (branch == null) {
                mismatches.add(Mismatch.of(file.branch().place(), "branch", file.branch().name(), "no such branch. "
                        + Names.didYouMean(file.branch().name(), branches.keySet(),
                                "The branches are " + new TreeSet<>(branches.keySet()))));
            } else if (branch.type() == StorageSettings.Type.S3) {
                store.put(branch.bucket(), file.key(), file.content());
            } else {
                write(branch.root().resolve(file.key()), file.content());
            }
        }
    }

    private static void write(Path file, byte[] content) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void clear() {
        store.reset();
        try (var roots = Files.list(folder)) {
            for (Path root : roots.toList()) {
                FileSystemUtils.deleteRecursively(root);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void release() {
        try {
            store.close();
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        root().detachAppender(tests);
        context.close();
        release();
    }
}
