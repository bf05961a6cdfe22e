package org.ccmessaging.filestream.routes.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.routes.testing.Result.Mismatch;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.settings.NearestName;
import org.ccmessaging.filestream.storage.S3Settings;
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
import software.amazon.awssdk.http.SdkHttpClient;

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
            // Nobody is there, since the store in memory takes all requests.
            Map.entry("filestream.s3.endpoint", "http://store.invalid"), Map.entry("filestream.s3.region", "us-east-1"),
            Map.entry("filestream.s3.path-style-access", true),
            Map.entry("filestream.s3.access-key", "test"), Map.entry("filestream.s3.secret-key", "test"),
            Map.entry("filestream.s3.read-timeout", "1s"), Map.entry("filestream.s3.max-attempts", 2),
            Map.entry("filestream.s3.circuit-open-time", "0s"));

    private static final String OURS = "org.ccmessaging.filestream.";

    /** The type of files whose test names none, unless the installation does not accept it. */
    private static final String USUAL_TYPE = "txt";

    private final Client client = new Client();
    private final Recorder recorder = new Recorder();
    private final Store store = new Store();
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
     * @param listener gets what it publishes while it starts
     * @throws RuntimeException if it does not start with these routes
     */
    TestService(Class<?> application, Path routes, RouteSet set, RunSettings installation,
            Map<String, String> settings, ApplicationListener<ApplicationEvent> listener) {
        try {
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
            delete(folder);
            throw failure;
        }
        exceptions = new Exceptions(context.getBean(CamelContext.class).getClassResolver(), failures(set));
        leftOut = set.routes().stream().filter(route -> route.field("precondition").isPresent() && !recorder.has(route))
                .toList();
        DownloadSettings download = context.getBean(DownloadSettings.class);
        store.setReadTimeout(Collections.min(List.of(context.getBean(S3Settings.class).readTimeout(),
                download.firstByteTimeout(), download.stallTimeout())));
        fileType = download.fileTypes().contains(USUAL_TYPE) ? USUAL_TYPE : download.fileTypes().iterator().next();
        recorder.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
        recorder.start();
        root().addAppender(recorder);
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
        MutablePropertySources sources = environment.getPropertySources();
        // By this name Spring Boot reads variables in it.
        sources.addFirst(new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.copyOf(installation.variables())));
        sources.addFirst(new MapPropertySource("settings of the installation", Map.copyOf(installation.values())));
        Map<String, Object> all = new HashMap<>(SETTINGS);
        all.putAll(client.settings());
        all.put("filestream.routes.directory", routes.toAbsolutePath().normalize().toString());
        all.putAll(settings);
        sources.addFirst(new MapPropertySource("settings of a test", all));
        Map<String, Object> roots = new HashMap<>();
        Binder.get(environment).bind("filestream.storage", Bindable.mapOf(String.class, Object.class)).get().keySet()
                .forEach(branch ->
                        roots.put("filestream.storage." + branch + ".root", folder.resolve(branch).toString()));
        sources.addFirst(new MapPropertySource("roots of a run", roots));
        starting.registerBean("recorderOfTests", Recorder.class, () -> recorder);
        starting.registerBean("storeInMemory", SdkHttpClient.class, () -> store);
    }

    Recorder recorder() {
        return recorder;
    }

    /** The routes that are not there, because their precondition is false with these settings. */
    List<Route> leftOut() {
        return leftOut;
    }

    /** The branches of the service by their names. */
    Map<String, StorageSettings.Branch> branches() {
        return context.getBean(StorageSettings.class).byName();
    }

    /** Returns whether there is such a bean, and the product does not bring it. */
    boolean isOfAuthors(String bean) {
        return context.containsBean(bean) && !String.valueOf(context.getType(bean)).contains(OURS);
    }

    /**
     * Runs a test and compares its outcome with what it expects. Afterwards nothing of it is left.
     *
     * @param inconclusive if one of these steps runs, nothing is compared
     */
    Result run(TestCase test, Set<String> inconclusive) {
        long start = System.nanoTime();
        List<Mismatch> mismatches = new ArrayList<>();
        Route without = checkSteps(test, mismatches);
        if (mismatches.isEmpty() && without != null) {
            return new Result(test, List.of(), List.of(), System.nanoTime() - start, without);
        }
        TestRun run = TestRun.of(mocks(test, mismatches));
        try {
            putFiles(test, mismatches);
            if (mismatches.isEmpty()) {
                recorder.run(run);
                String port = context.getEnvironment().getProperty("local.server.port");
                HttpResponse<String> response =
                        client.send(URI.create("http://127.0.0.1:" + port), test.request(), fileType);
                recorder.awaitEnd();
                if (Collections.disjoint(inconclusive, run.steps())) {
                    mismatches.addAll(Expectations.compare(test, response, run));
                }
            }
        } catch (RuntimeException none) {
            mismatches.add(mismatch(test.place(), "the response", "a response", "none: " + none.getMessage()));
        } finally {
            recorder.run(null);
            clear();
        }
        return new Result(test, List.copyOf(mismatches), run.log().stream().map(TestRun.LogLine::text).toList(),
                System.nanoTime() - start, null);
    }

    private static Mismatch mismatch(Place place, String what, String expected, String actual) {
        return new Mismatch(place, what, List.of(expected), List.of(actual));
    }

    /**
     * Finds the steps of a test that no route has.
     *
     * @return the route without which the test cannot run; {@code null} if all are there
     */
    private Route checkSteps(TestCase test, List<Mismatch> mismatches) {
        Collection<String> known = recorder.steps();
        Route without = null;
        List<Map.Entry<String, Place>> named = new ArrayList<>(test.steps());
        // A step that must not run needs no route.
        test.expect().get("skipped").items().forEach(step -> named.add(Map.entry(step.text(), step.place())));
        for (Map.Entry<String, Place> step : named) {
            if (known.contains(step.getKey())) {
                continue;
            }
            Optional<Route> of = leftOut.stream().filter(route ->
                    route.allSteps().anyMatch(each -> each.id().equals(step.getKey()))).findFirst();
            if (of.isEmpty()) {
                mismatches.add(mismatch(step.getValue(), "step", step.getKey(), "no such step. "
                        + NearestName.didYouMean(step.getKey(), known, "The routes have no similar id")));
            } else if (without == null && test.steps().contains(step)) {
                without = of.get();
            }
        }
        return without;
    }

    private Map<String, List<TestRun.Mock>> mocks(TestCase test, List<Mismatch> mismatches) {
        Map<String, List<TestRun.Mock>> mocks = new HashMap<>();
        test.faults().forEach((step, fault) -> {
            if (!fault.isOfStore()) {
                mocks.computeIfAbsent(step, id -> new ArrayList<>()).add(new TestRun.Mock(null, null,
                        exception(fault.exception(), fault.place(), mismatches), message(fault.message()), fault));
            } else if (recorder.asksStore(step)) {
                store.fail(fault);
            } else if (recorder.steps().contains(step)) {
                mismatches.add(mismatch(fault.place(), "fail", "a step that asks the store, such as get-object",
                        step + ", which can only fail with an exception: {exception: IOException}"));
            }
        });
        test.mocks().forEach((step, mock) -> {
            Value body = mock.get("body");
            Value exception = mock.get("exception");
            mocks.computeIfAbsent(step, id -> new ArrayList<>()).add(new TestRun.Mock(mock, body.isMissing() ? null
                    : body.isScalar() ? body.text() : body.json().toString(), exception.isMissing() ? null
                    : exception(exception.text(), exception.place(), mismatches), message(mock.get("message").text()),
                    null));
        });
        return mocks;
    }

    private static String message(String written) {
        return written.isEmpty() ? "a test wants it so" : written;
    }

    private Class<? extends Exception> exception(String name, Place place, List<Mismatch> mismatches) {
        return exceptions.find(name).orElseGet(() -> {
            mismatches.add(mismatch(place, "exception", name, "no such class. "
                    + NearestName.didYouMean(name, exceptions.known(), "Write its complete name")));
            return null;
        });
    }

    private void putFiles(TestCase test, List<Mismatch> mismatches) {
        Map<String, StorageSettings.Branch> branches = branches();
        for (TestCase.StoredFile file : test.files()) {
            StorageSettings.Branch branch = branches.get(file.branch().name());
            if (branch == null) {
                mismatches.add(mismatch(file.branch().place(), "branch", file.branch().name(), "no such branch. "
                        + NearestName.didYouMean(file.branch().name(), branches.keySet(),
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
        for (File root : folder.toFile().listFiles()) {
            delete(root.toPath());
        }
    }

    private static void delete(Path folder) {
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        root().detachAppender(recorder);
        context.close();
        delete(folder);
    }
}
