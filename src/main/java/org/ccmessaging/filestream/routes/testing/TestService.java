package org.ccmessaging.filestream.routes.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;
import org.ccmessaging.filestream.routes.Generation;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.Serving;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.routes.testing.Rehearsal.Outcome;
import org.ccmessaging.filestream.routes.testing.Result.Mismatch;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.settings.NearestName;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.AbstractEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.util.ReflectionUtils;
import software.amazon.awssdk.http.SdkHttpClient;

/** Runs tests against the real service with the routes of a folder, on a free port, with a store in memory. */
final class TestService implements AutoCloseable {

    /** The app of a request that names none, and its tenant, as {@code test-settings.yaml} has them. */
    static final String APP = "demo-app";
    static final String TENANT = "demo";

    /** The type of files whose test names none, unless the installation does not accept it. */
    private static final String USUAL_TYPE = "txt";

    private static final int LONGEST_END_MILLIS = 10_000;

    private final Client client = new Client();
    private final Recorder recorder = new Recorder();
    private final Store store = new Store();
    private final RouteSet set;
    private final Path folder;
    private final ConfigurableApplicationContext context;
    private final Exceptions exceptions;
    private final List<Step> leftOut;
    private final String fileType;

    /**
     * @param settings override all others
     * @param inMemory whether branches of type filesystem are in the store too, so that nothing is on a disk
     */
    TestService(Suite suite, RouteSet set, Map<String, String> settings, boolean inMemory) {
        this.set = set;
        try {
            folder = Files.createTempDirectory("filestream-routes-test").toRealPath();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        try {
            context = new SpringApplicationBuilder(suite.application()).bannerMode(Banner.Mode.OFF)
                    .logStartupInfo(false).registerShutdownHook(false)
                    // Environment variables and system properties hold secrets and settings of the installation.
                    .environment(new AbstractEnvironment() { })
                    .initializers(starting -> prepare((GenericApplicationContext) starting, suite, settings,
                            inMemory))
                    .run("--logging.config=classpath:route-check/test-log.xml",
                            "--spring.config.location=classpath:/,classpath:/route-check/test-settings.yaml");
        } catch (RuntimeException failure) {
            FileSystemUtils.deleteRecursively(folder.toFile());
            // Spring wraps the failure of routes that cannot be loaded.
            if (failure instanceof ApplicationContextException && failure.getCause() != null) {
                ReflectionUtils.rethrowRuntimeException(failure.getCause());
            }
            throw failure;
        }
        exceptions = new Exceptions(context.getBean(CamelContext.class).getClassResolver(), failures(set));
        leftOut = set.routes().stream().filter(route -> route.field("precondition").isPresent() && !recorder.has(route))
                .toList();
        DownloadSettings download = context.getBean(DownloadSettings.class);
        store.setReadTimeout(Collections.min(List.of(context.getBean(S3Settings.class).readTimeout(),
                download.firstByteTimeout(), download.stallTimeout())));
        fileType = download.fileTypes().contains(USUAL_TYPE) ? USUAL_TYPE : download.fileTypes().iterator().next();
        recorder.setContext(root().getLoggerContext());
        recorder.start();
        root().addAppender(recorder);
    }

    private static Set<String> failures(RouteSet set) {
        return set.allSteps().flatMap(step -> step.name().equals("throwException")
                        ? Stream.of(step.field("exceptionType")) : step.exceptions().stream())
                .map(Value::text).filter(name -> !name.isEmpty()).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    }

    private void prepare(GenericApplicationContext starting, Suite suite, Map<String, String> settings,
            boolean inMemory) {
        starting.getEnvironment().setIgnoreUnresolvableNestedPlaceholders(true);
        MutablePropertySources sources = starting.getEnvironment().getPropertySources();
        // In a source of this name, Spring Boot also finds keys by the names of environment variables.
        sources.addFirst(new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new HashMap<>(suite.installation())));
        Map<String, Object> all = new HashMap<>(client.settings());
        all.put(RunSettings.CATALOGUE, "none");
        all.put("filestream.routes.directory", suite.routes().folder().toAbsolutePath().normalize().toString());
        all.putAll(settings);
        sources.addFirst(new MapPropertySource("settings of a test", all));
        Map<String, Object> roots = new HashMap<>();
        Binder.get(starting.getEnvironment()).bind("filestream.storage", Bindable.mapOf(String.class, Object.class))
                .get().forEach((branch, members) -> {
                    String prefix = "filestream.storage." + branch + ".";
                    roots.put(prefix + "root", folder.resolve(branch).toString());
                    if (inMemory && members instanceof Map<?, ?> its && "filesystem".equals(its.get("type"))) {
                        roots.putAll(Map.of(prefix + "type", "s3", prefix + "bucket", "folder-" + branch));
                    }
                });
        sources.addFirst(new MapPropertySource("roots of a run", roots));
        // No test asks a database: the recorder answers for the catalogue.
        starting.registerBean("dataSource", DataSource.class, SimpleDriverDataSource::new);
        if (suite.checked()) {
            starting.registerBean("checkedRoutes", RouteFiles.class, suite::routes);
        }
        starting.registerBean("recorderOfTests", Recorder.class, () -> recorder);
        starting.registerBean("storeInMemory", SdkHttpClient.class, () -> store);
    }

    private boolean hasCatalogue() {
        return "sql".equals(context.getEnvironment().getProperty(RunSettings.CATALOGUE));
    }

    /** Returns the ids of the steps that may call another system. The rows of a test answer for the catalogue. */
    List<String> callingSteps() {
        return recorder.steps().stream()
                .filter(step -> !hasCatalogue() || !recorder.asks(step, "sql")).toList();
    }

    List<Step> leftOut() {
        return leftOut;
    }

    Map<String, StorageSettings.Branch> branches() {
        return context.getBean(StorageSettings.class);
    }

    boolean isOfAuthors(String bean) {
        return context.containsBean(bean)
                && !String.valueOf(context.getType(bean)).contains("org.ccmessaging.filestream.");
    }

    /** @param inconclusive if one of these steps runs, nothing is compared */
    Result run(TestCase test, Set<String> inconclusive) {
        long start = System.nanoTime();
        List<Mismatch> mismatches = new ArrayList<>();
        List<Step> without = test.steps().flatMap(step -> routeLeftOut(step, mismatches)).toList();
        // A step that must not run needs no route.
        test.expect().get("skipped").items().forEach(step -> routeLeftOut(step, mismatches));
        if (mismatches.isEmpty() && !without.isEmpty()) {
            return new Result(test, List.of(), List.of(), List.of(), System.nanoTime() - start, without.get(0));
        }
        Recorder.Run run = new Recorder.Run(UUID.randomUUID().toString(), mocks(test, mismatches),
                hasCatalogue() ? (tenant, id) -> row(test.catalogue().get(tenant).get(id)) : null,
                new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>(), exchange -> { });
        try {
            putFiles(test, mismatches);
            if (mismatches.isEmpty()) {
                recorder.run(run);
                HttpResponse<String> response = client.send(address(), test.request(), fileType, run.requestId());
                awaitEnd();
                if (Collections.disjoint(inconclusive, run.steps())) {
                    mismatches.addAll(Expectations.compare(test, response, run));
                }
            }
        } catch (IOException | RuntimeException none) {
            mismatches.add(Mismatch.of(test.place(), "the response", "a response", "none: " + none.getMessage()));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        } finally {
            recorder.run(null);
            store.reset();
            for (File root : folder.toFile().listFiles()) {
                FileSystemUtils.deleteRecursively(root);
            }
        }
        return new Result(test, List.copyOf(mismatches), List.copyOf(run.steps()),
                run.log().stream().map(ILoggingEvent::getFormattedMessage).toList(), System.nanoTime() - start, null);
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
    }

    private static String row(Value key) {
        return key.isPresent() ? key.text() : null;
    }

    /**
     * Replays requests of customers, against a store with the objects of all of them. The mocks are those of the smoke
     * tests. A step that throttles or waits does nothing, because replays come faster than customers.
     *
     * @param which indexes of the requests to replay
     * @return the outcomes by index; fewer if there was no time for the others
     */
    Map<Integer, Outcome> replay(List<Seen> seen, Collection<Integer> which) throws InterruptedException {
        Map<String, Object> mocks = new HashMap<>(new Smoke(set).mocks(callingSteps()));
        set.allSteps().forEach(step -> {
            if (step.name().equals("throttle") || step.name().equals("delay")) {
                mocks.put(Recorder.name(step), Map.of());
            } else if (step.field("ref").text().equals("requestStream")) {
                mocks.put(Recorder.name(step), Map.of("body", "a file"));
            }
        });
        TestCase test = TestFiles.of(new ObjectMapper().valueToTree(Map.of("mock", mocks))).orElseThrow();
        Map<List<String>, String> rows = new HashMap<>();
        seen.stream().filter(each -> each.lookedUp() != null).forEach(each -> rows.put(
                Arrays.asList(each.asked().tenant(), each.asked().request().fileId()), each.lookedUp()));
        Replay replay = new Replay(recorder, client, address(), mocks(test, new ArrayList<>()),
                hasCatalogue() ? (tenant, id) -> rows.get(Arrays.asList(tenant, id)) : null, branches(),
                Replay.clauses(set));
        replay.putFiles(store, seen);
        Map<Integer, Outcome> outcomes = replay.run(seen, which);
        awaitEnd();
        return outcomes;
    }

    /** Waits until all exchanges have ended, since steps may run after the response has left. */
    private void awaitEnd() throws InterruptedException {
        Generation generation = context.getBean(Serving.class).current();
        for (int millis = 0; millis < LONGEST_END_MILLIS && generation.isBusy(); millis++) {
            Thread.sleep(1);
        }
    }

    /** Returns the routes that have a step and did not start. Reports a step that no route has. */
    private Stream<Step> routeLeftOut(Value step, List<Mismatch> mismatches) {
        String id = step.name().isEmpty() ? step.text() : step.name();
        if (recorder.steps().contains(id)) {
            return Stream.empty();
        }
        List<Step> without = leftOut.stream()
                .filter(route -> route.allSteps().anyMatch(each -> each.id().equals(id))).toList();
        if (without.isEmpty()) {
            mismatches.add(unknown("step", step.place(), id, recorder.steps(), "The routes have no similar id"));
        }
        return without.stream();
    }

    private static Mismatch unknown(
            String what, Place place, String name, Collection<String> known, String otherwise) {
        return Mismatch.of(place, what, name,
                "no such " + what + ". " + NearestName.didYouMean(name, known, otherwise));
    }

    private MultiValueMap<String, Recorder.Mock> mocks(TestCase test, List<Mismatch> mismatches) {
        MultiValueMap<String, Recorder.Mock> mocks = new LinkedMultiValueMap<>();
        test.faults().forEach((step, fault) -> {
            Value exception = fault.isScalar() ? fault : fault.get("exception");
            if (exception.isPresent()) {
                mocks.add(step, mock(fault, exception, mismatches));
            } else if (recorder.asks(step, "aws2-s3")) {
                store.fail(fault);
            } else if (recorder.steps().contains(step)) {
                mismatches.add(Mismatch.of(fault.place(), "fail", "a step that asks the store, such as get-object",
                        step + ", which can only fail with an exception: {exception: IOException}"));
            }
        });
        test.mocks().forEach((step, mock) -> mocks.add(step, mock(mock, mock.get("exception"), mismatches)));
        return mocks;
    }

    private Recorder.Mock mock(Value written, Value exception, List<Mismatch> mismatches) {
        Class<?> type = exceptions.find(exception.text()).orElse(null);
        if (type == null && exception.isPresent()) {
            mismatches.add(unknown("exception", exception.place(), exception.text(), exceptions.known(),
                    "Write the complete name of its class"));
        }
        return new Recorder.Mock(Store.Fault.of(written), type);
    }

    private void putFiles(TestCase test, List<Mismatch> mismatches) throws IOException {
        Set<String> known = new TreeSet<>(branches().keySet());
        for (Value files : test.files().members().values()) {
            StorageSettings.Branch branch = branches().get(files.name());
            if (branch == null) {
                mismatches.add(unknown("branch", files.key(), files.name(), known, "The branches are " + known));
                continue;
            }
            for (Value file : files.members().values()) {
                byte[] content = TestCase.content(file);
                if (branch.type() == StorageSettings.Type.S3) {
                    store.put(branch.bucket(), file.name(), content);
                } else {
                    Path path = branch.root().resolve(file.name());
                    Files.createDirectories(path.getParent());
                    Files.write(path, content);
                }
            }
        }
    }

    @Override
    public void close() {
        root().detachAppender(recorder);
        context.close();
        FileSystemUtils.deleteRecursively(folder.toFile());
    }
}
