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
import java.util.concurrent.CopyOnWriteArrayList;
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

    /** The app of a request that names none, and its tenant, as {@code test-settings.yaml} has them. */
    static final String APP = "demo-app";
    static final String TENANT = "demo";

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
     * @param set what the folder of the routes holds
     * @param settings win over all others
     * @throws RuntimeException if it does not start with these routes
     */
    TestService(Suite suite, RouteSet set, Map<String, String> settings) {
        try {
            folder = Files.createTempDirectory("filestream-routes-test").toRealPath();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        SpringApplication spring = new SpringApplication(suite.application());
        spring.setBannerMode(Banner.Mode.OFF);
        spring.setLogStartupInfo(false);
        spring.setRegisterShutdownHook(false);
        spring.setEnvironment(new NoEnvironment());
        spring.addListeners(suite.listener());
        spring.addInitializers(starting -> prepare((GenericApplicationContext) starting, suite, settings));
        try {
            context = spring.run("--logging.config=classpath:route-check/test-log.xml",
                    "--spring.config.location=classpath:/,classpath:/route-check/test-settings.yaml");
        } catch (RuntimeException failure) {
            FileSystemUtils.deleteRecursively(folder.toFile());
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

    private void prepare(GenericApplicationContext starting, Suite suite, Map<String, String> settings) {
        ConfigurableEnvironment environment = starting.getEnvironment();
        MutablePropertySources sources = environment.getPropertySources();
        // By this name Spring Boot reads variables in it.
        sources.addFirst(new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                Map.copyOf(suite.installation().variables())));
        sources.addFirst(new MapPropertySource("settings of the installation",
                Map.copyOf(suite.installation().values())));
        Map<String, Object> all = new HashMap<>(client.settings());
        all.put("filestream.routes.directory", suite.routes().toAbsolutePath().normalize().toString());
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
        Recorder.Run run = new Recorder.Run(mocks(test, mismatches), new CopyOnWriteArrayList<>(),
                new CopyOnWriteArrayList<>());
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
        } catch (IOException | RuntimeException none) {
            mismatches.add(Mismatch.of(test.place(), "the response", "a response", "none: " + none.getMessage()));
        } finally {
            recorder.run(null);
            clear();
        }
        return new Result(test, List.copyOf(mismatches), run.log().stream().map(Recorder.LogLine::text).toList(),
                System.nanoTime() - start, null);
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
                mismatches.add(Mismatch.of(step.getValue(), "step", step.getKey(), "no such step. "
                        + NearestName.didYouMean(step.getKey(), known, "The routes have no similar id")));
            } else if (without == null && test.steps().contains(step)) {
                without = of.get();
            }
        }
        return without;
    }

    /** The mocks of a test and the failures of its steps; the store gets its own failures. */
    private Map<String, List<Recorder.Mock>> mocks(TestCase test, List<Mismatch> mismatches) {
        Map<String, List<Recorder.Mock>> mocks = new HashMap<>();
        test.faults().forEach((step, fault) -> {
            Value exception = fault.isScalar() ? fault : fault.get("exception");
            if (exception.isPresent()) {
                mocks.put(step, new ArrayList<>(List.of(mock(fault, exception, mismatches))));
            } else if (recorder.asksStore(step)) {
                store.fail(fault);
            } else if (recorder.steps().contains(step)) {
                mismatches.add(Mismatch.of(fault.place(), "fail", "a step that asks the store, such as get-object",
                        step + ", which can only fail with an exception: {exception: IOException}"));
            }
        });
        test.mocks().forEach((step, mock) -> mocks.computeIfAbsent(step, id -> new ArrayList<>())
                .add(mock(mock, mock.get("exception"), mismatches)));
        return mocks;
    }

    private Recorder.Mock mock(Value written, Value exception, List<Mismatch> mismatches) {
        Class<? extends Exception> type = exception.isMissing() ? null : exceptions.find(exception.text()).orElse(null);
        if (type == null && exception.isPresent()) {
            mismatches.add(Mismatch.of(exception.place(), "exception", exception.text(), "no such class. "
                    + NearestName.didYouMean(exception.text(), exceptions.known(), "Write its complete name")));
        }
        return new Recorder.Mock(written, type, Store.Times.of(written));
    }

    private void putFiles(TestCase test, List<Mismatch> mismatches) throws IOException {
        Map<String, StorageSettings.Branch> branches = branches();
        for (TestCase.StoredFile file : test.files()) {
            StorageSettings.Branch branch = branches.get(file.branch().name());
            if (branch == null) {
                mismatches.add(Mismatch.of(file.branch().place(), "branch", file.branch().name(), "no such branch. "
                        + NearestName.didYouMean(file.branch().name(), branches.keySet(),
                                "The branches are " + new TreeSet<>(branches.keySet()))));
            } else if (branch.type() == StorageSettings.Type.S3) {
                store.put(branch.bucket(), file.key(), file.content());
            } else {
                Path there = branch.root().resolve(file.key());
                Files.createDirectories(there.getParent());
                Files.write(there, file.content());
            }
        }
    }

    private void clear() {
        store.reset();
        for (File root : folder.toFile().listFiles()) {
            FileSystemUtils.deleteRecursively(root);
        }
    }

    @Override
    public void close() {
        root().detachAppender(recorder);
        context.close();
        FileSystemUtils.deleteRecursively(folder.toFile());
    }
}
