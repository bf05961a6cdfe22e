package org.ccmessaging.filestream.routes.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.File;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.InflightRepository;
import org.apache.camel.util.ObjectHelper;
import org.apache.http.impl.client.HttpClientBuilder;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.NearestName;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.routes.testing.Result.Mismatch;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.AbstractEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.util.FileSystemUtils;

/** Runs tests against the real service, which uses the routes of a folder, a free port and a store in memory. */
final class TestService implements AutoCloseable {

    /** The default app and tenant of a request, as in {@code test-settings.yaml}. */
    static final String APP = "demo-app";
    static final String TENANT = "demo";

    /** The default file type of a request, if the installation accepts this type. */
    private static final String USUAL_TYPE = "txt";

    private static final String NO_STEP = "The routes have no similar id";
    private static final int LONGEST_END_MILLIS = 10_000;

    private final Client client = new Client();
    private final Recorder recorder = new Recorder();
    private final Store store = new Store();
    private final RouteSet set;
    private final Path folder;
    private final ConfigurableApplicationContext context;
    private final Mocks mocks;
    private final Set<String> known;
    private final String fileType;

    /** @param settings the settings of the tests, which override the settings of the installation */
    TestService(Suite suite, RouteSet set, Map<String, Value> shared, Map<String, String> settings) {
        this.set = set;
        try {
            folder = Files.createTempDirectory("filestream-routes-test").toRealPath();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        try {
            context = new SpringApplicationBuilder(suite.application()).bannerMode(Banner.Mode.OFF)
                    .logStartupInfo(false).registerShutdownHook(false)
                    // Keeps environment variables and system properties of the machine out of the run.
                    .environment(new AbstractEnvironment() { })
                    .initializers(starting -> prepare((GenericApplicationContext) starting, suite, settings))
                    .run("--spring.config.location=classpath:/,classpath:/route-check/test-settings.yaml");
        } catch (RuntimeException failure) {
            FileSystemUtils.deleteRecursively(folder.toFile());
            InvalidRoutesException invalid = ObjectHelper.getException(InvalidRoutesException.class, failure);
            throw invalid == null ? failure : invalid;
        }
        CamelContext camel = context.getBean(CamelContext.class);
        mocks = new Mocks(recorder, store, camel.getClassResolver(), set, shared);
        known = Stream.concat(set.allSteps().map(Recorder::name), recorder.steps().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        DownloadSettings download = context.getBean(DownloadSettings.class);
        store.setReadTimeout(Collections.min(List.of(context.getBean(S3Settings.class).readTimeout(),
                download.firstByteTimeout(), download.stallTimeout())));
        fileType = download.fileTypes().contains(USUAL_TYPE) ? USUAL_TYPE : download.fileTypes().iterator().next();
        recorder.setContext(root().getLoggerContext());
        recorder.start();
        root().addAppender(recorder);
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    }

    private void prepare(GenericApplicationContext starting, Suite suite, Map<String, String> settings) {
        starting.getEnvironment().setIgnoreUnresolvableNestedPlaceholders(true);
        MutablePropertySources sources = starting.getEnvironment().getPropertySources();
        // Spring Boot maps names of environment variables to settings only in a source with this name.
        sources.addFirst(new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new HashMap<>(suite.installation())));
        Map<String, Object> all = new HashMap<>(Map.of(TestCase.CATALOGUE, "none"));
        all.putAll(settings);
        all.putAll(client.settings());
        all.put("filestream.routes.directory", suite.routes().folder().toAbsolutePath().normalize().toString());
        sources.addFirst(new MapPropertySource("settings of a test", all));
        Map<String, Object> roots = new HashMap<>();
        Binder.get(starting.getEnvironment()).bind("filestream.storage", Bindable.mapOf(String.class, Object.class))
                .get().keySet().forEach(branch ->
                        roots.put("filestream.storage." + branch + ".root", folder.resolve(branch).toString()));
        sources.addFirst(new MapPropertySource("roots of a run", roots));
        // No test uses this data source, because mocks replace the steps that query the catalogue.
        starting.registerBean("dataSource", DataSource.class, SimpleDriverDataSource::new);
        starting.registerBean("recorderOfTests", Recorder.class, () -> recorder);
        if (!suite.callsOutside()) {
            starting.registerBean("outsideCalls", OutsideCalls.class, () -> new OutsideCalls(recorder));
        }
        starting.registerBean("storeInMemory", Store.class, () -> store);
        starting.registerBean("httpInMemory", HttpClientBuilder.class, () -> new InMemoryHttp(store));
    }

    private boolean hasCatalogue() {
        return "sql".equals(context.getEnvironment().getProperty(TestCase.CATALOGUE));
    }

    private Map<String, StorageSettings.Branch> branches() {
        return context.getBean(StorageSettings.class);
    }

    void requireSteps(Map<String, Value> shared) {
        Report report = new Report(1);
        shared.values().stream().filter(mock -> !known.contains(mock.name())).forEach(mock -> report.error(mock.key(),
                "no such step: " + mock.name(), NearestName.didYouMean(mock.name(), known, NO_STEP)));
        if (report.hasErrors()) {
            throw new InvalidRoutesException(report);
        }
    }

    Result run(TestCase test) {
        long start = System.nanoTime();
        List<Mismatch> mismatches = new ArrayList<>();
        Stream.concat(test.steps(), test.expect().get("skipped").items().stream())
                .filter(step -> !known.contains(id(step))).forEach(step -> mismatches.add(
                        Mismatch.unknown("step", step.place(), id(step), known, NO_STEP)));
        // Does not require the routes of steps in expect.skipped, because these steps must not run.
        List<String> lacking = Stream.concat(otherTypes(test, mismatches), test.steps().map(TestService::id)
                .filter(step -> !recorder.steps().contains(step))
                .map(step -> "step " + step + ", whose route is left out here")).toList();
        if (mismatches.isEmpty() && !lacking.isEmpty()) {
            return new Result(test, List.of(), List.of(), List.of(), System.nanoTime() - start, lacking.get(0));
        }
        Recorder.Run run = new Recorder.Run(UUID.randomUUID().toString(), mocks.of(test, hasCatalogue(), mismatches));
        try {
            if (mismatches.isEmpty()) {
                putFiles(test);
                HttpResponse<String> response = send(test.request(), run);
                // If calls have no mock, reports only these calls, because such calls explain all other differences.
                mismatches.addAll(run.notMocked().isEmpty() ? Expectations.compare(test, response, run)
                        : notMocked(test, run));
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
        List<String> log = run.notMocked().isEmpty()
                ? run.log().stream().map(ILoggingEvent::getFormattedMessage).toList() : List.of();
        return new Result(test, List.copyOf(mismatches), List.copyOf(run.steps()), log, System.nanoTime() - start,
                null);
    }

    private List<Mismatch> notMocked(TestCase test, Recorder.Run run) {
        return run.notMocked().entrySet().stream().map(call -> new Mismatch(test.place(),
                "step " + call.getKey() + " is not mocked",
                List.of("mock: {" + call.getKey() + ": …}, or for all tests in " + set.files().folder().resolve(
                        TestFiles.MOCKS) + ": \"" + call.getKey() + ": …\""),
                List.of(Stream.concat(Stream.of(call.getValue()), set.allSteps()
                        .filter(step -> Recorder.name(step).equals(call.getKey())).limit(1)
                        .map(step -> step.place().toString())).collect(Collectors.joining("  "))))).toList();
    }

    /** Sends the request. Waits up to 10 s for all exchanges to end, because steps may run after the response. */
    private HttpResponse<String> send(Value request, Recorder.Run run) throws IOException, InterruptedException {
        recorder.run(run);
        HttpResponse<String> response = client.send(URI.create("http://127.0.0.1:"
                + context.getEnvironment().getProperty("local.server.port")), request, fileType, run.requestId());
        InflightRepository inflight = context.getBean(CamelContext.class).getInflightRepository();
        Gauge ended = context.getBean(MeterRegistry.class).get("filestream.download.ended.pending").gauge();
        for (int millis = 0; millis < LONGEST_END_MILLIS
                && (inflight.size() > 0 || ended.value() > 0 || recorder.isBusy()); millis++) {
            Thread.sleep(1);
        }
        return response;
    }

    /** Returns the id of a step: the key in a map, or the text of a list item. */
    private static String id(Value step) {
        return step.name().isEmpty() ? step.text() : step.name();
    }

    /** Returns a text for each storage branch whose type differs from the type that the test needs. */
    private Stream<String> otherTypes(TestCase test, List<Mismatch> mismatches) {
        Set<String> known = new TreeSet<>(branches().keySet());
        Stream.of(test.types(), test.files()).flatMap(named -> named.members().values().stream())
                .filter(named -> !known.contains(named.name())).forEach(named -> mismatches.add(Mismatch.unknown(
                        "branch", named.key(), named.name(), known, "The branches are " + known)));
        return known.stream().filter(branch -> {
            Value wanted = test.types().get(branch);
            return wanted.isPresent() && !wanted.text().equals(type(branch));
        }).map(branch -> "another type of branch " + branch + " than " + type(branch));
    }

    private String type(String branch) {
        return String.valueOf(branches().get(branch).type()).toLowerCase(Locale.ROOT);
    }

    /** Creates the folder of each storage branch, and the files of the test. */
    private void putFiles(TestCase test) throws IOException {
        for (Map.Entry<String, StorageSettings.Branch> named : branches().entrySet()) {
            StorageSettings.Branch branch = named.getValue();
            Files.createDirectories(branch.root());
            for (Value file : test.files().get(named.getKey()).members().values()) {
                byte[] content = TestCase.content(file);
                if (branch.type() == StorageSettings.Type.S3) {
                    Value tags = file.get("tags");
                    S3Settings s3 = context.getBean(S3Settings.class).of(named.getKey(), branch.s3());
                    store.put(branch.bucket(), file.name(), content, !tags.isPresent() ? s3.requiredTags()
                            : tags.members().values().stream().collect(Collectors.toMap(Value::name, Value::text)),
                            owner(s3.ownerMetadata(), Client.userId(test.request())));
                } else {
                    Path path = branch.root().resolve(file.name());
                    Files.createDirectories(path.getParent());
                    Files.write(path, content);
                }
            }
        }
    }

    /** Returns metadata with the test's user as the owner. As in some stores, the user ID is sent as UTF-8 bytes. */
    private static Map<String, String> owner(String metadata, String userId) {
        return metadata == null || userId == null ? Map.of() : Map.of("x-amz-meta-" + metadata,
                new String(userId.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() {
        root().detachAppender(recorder);
        context.close();
        FileSystemUtils.deleteRecursively(folder.toFile());
    }
}
