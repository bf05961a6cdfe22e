package org.ccmessaging.filestream.routes.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
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
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;
import org.ccmessaging.filestream.routes.Generation;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.Serving;
import org.ccmessaging.filestream.routes.check.CamelMessages;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.routes.testing.Recorder.Mock;
import org.ccmessaging.filestream.routes.testing.Result.Mismatch;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.toolkit.Headers;
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
import org.springframework.util.MultiValueMap;
import org.springframework.util.ReflectionUtils;

/** Runs tests against the real service with the routes of a folder, on a free port, with a store in memory. */
final class TestService implements AutoCloseable {

    /** The app of a request that names none, and its tenant, as {@code test-settings.yaml} has them. */
    static final String APP = "demo-app";
    static final String TENANT = "demo";

    /** The type of files whose test names none, unless the installation does not accept it. */
    private static final String USUAL_TYPE = "txt";

    /** Components that call nothing but the service and the store of the run. */
    private static final Set<String> INSIDE = Set.of("", "direct", "seda", "log", "mock", "bean", "aws2-s3");

    private static final int LONGEST_END_MILLIS = 10_000;

    private final Client client = new Client();
    private final Recorder recorder = new Recorder();
    private final Store store = new Store();
    private final RouteSet set;
    private final Path folder;
    private final ConfigurableApplicationContext context;
    private final Mocks mocks;
    private final List<Step> leftOut;
    private final String fileType;

    /** @param settings override all others */
    TestService(Suite suite, RouteSet set, Map<String, String> settings) {
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
                    .initializers(starting -> prepare((GenericApplicationContext) starting, suite, settings))
                    .run("--spring.config.location=classpath:/,classpath:/route-check/test-settings.yaml");
        } catch (RuntimeException failure) {
            FileSystemUtils.deleteRecursively(folder.toFile());
            // Spring wraps the failure of routes that cannot be loaded.
            if (failure instanceof ApplicationContextException && failure.getCause() != null) {
                ReflectionUtils.rethrowRuntimeException(failure.getCause());
            }
            throw failure;
        }
        mocks = new Mocks(recorder, store, context.getBean(CamelContext.class).getClassResolver(), set);
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

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    }

    private void prepare(GenericApplicationContext starting, Suite suite, Map<String, String> settings) {
        starting.getEnvironment().setIgnoreUnresolvableNestedPlaceholders(true);
        MutablePropertySources sources = starting.getEnvironment().getPropertySources();
        // In a source of this name, Spring Boot also finds keys by the names of environment variables.
        sources.addFirst(new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new HashMap<>(suite.installation())));
        Map<String, Object> all = new HashMap<>(client.settings());
        all.put(TestCase.CATALOGUE, "none");
        all.put("filestream.routes.directory", suite.routes().folder().toAbsolutePath().normalize().toString());
        all.putAll(settings);
        sources.addFirst(new MapPropertySource("settings of a test", all));
        Map<String, Object> roots = new HashMap<>();
        Binder.get(starting.getEnvironment()).bind("filestream.storage", Bindable.mapOf(String.class, Object.class))
                .get().keySet().forEach(branch ->
                        roots.put("filestream.storage." + branch + ".root", folder.resolve(branch).toString()));
        sources.addFirst(new MapPropertySource("roots of a run", roots));
        // No test asks a database: the recorder answers for the catalogue.
        starting.registerBean("dataSource", DataSource.class, SimpleDriverDataSource::new);
        if (suite.checked()) {
            starting.registerBean("checkedRoutes", RouteFiles.class, suite::routes);
        }
        starting.registerBean("recorderOfTests", Recorder.class, () -> recorder);
        starting.registerBean("storeInMemory", Store.class, () -> store);
    }

    private boolean hasCatalogue() {
        return "sql".equals(context.getEnvironment().getProperty(TestCase.CATALOGUE));
    }

    /**
     * Returns the names of the steps that would call a file server, a scanner, a webhook or a broker. The rows of a
     * test answer for the catalogue.
     */
    Stream<String> callingOutside() {
        return set.allSteps().filter(step -> !INSIDE.contains(step.endpoint().scheme())
                        || step.field("ref").text().equals(Mocks.REQUEST_STREAM))
                .map(Recorder::name).filter(recorder.steps()::contains)
                .filter(step -> !hasCatalogue() || !recorder.asks(step, "sql")).distinct();
    }

    List<Step> leftOut() {
        return leftOut;
    }

    Map<String, StorageSettings.Branch> branches() {
        return context.getBean(StorageSettings.class);
    }

    /** Returns the tags of a clean object of a branch. */
    Map<String, String> requiredTags(String branch) {
        return context.getBean(S3Settings.class).of(branch, branches().get(branch).s3()).requiredTags();
    }

    /** Returns the names of the response headers that routes set. */
    Stream<String> responseHeaders() {
        return Stream.concat(Stream.of(Headers.RESULT_DESC, Headers.ALLOW, Headers.RETRY_AFTER),
                Headers.listed(context.getEnvironment()).stream());
    }

    Result run(TestCase test) {
        long start = System.nanoTime();
        List<Mismatch> mismatches = new ArrayList<>();
        List<String> lacking = Stream.concat(test.steps().flatMap(step -> routeLeftOut(step, mismatches)),
                otherTypes(test, mismatches)).toList();
        // A step that must not run needs no route.
        test.expect().get("skipped").items().forEach(step -> routeLeftOut(step, mismatches));
        if (mismatches.isEmpty() && !lacking.isEmpty()) {
            return new Result(test, List.of(), List.of(), List.of(), System.nanoTime() - start, lacking.get(0));
        }
        MultiValueMap<String, Mock> replaced = mocks.of(test, mismatches);
        addCatalogue(replaced, (tenant, id) -> {
            Value key = test.catalogue().get(tenant).get(id);
            return key.isPresent() ? key.text() : null;
        });
        Recorder.Run run = new Recorder.Run(UUID.randomUUID().toString(), replaced, exchange -> { });
        try {
            if (mismatches.isEmpty()) {
                putFiles(test);
                HttpResponse<String> response = send(test.request(), fileType, run);
                mismatches.addAll(causes(test, Expectations.compare(test, response, run), run));
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

    /** Returns the failed calls of other systems without a mock, which explain all other differences. */
    private List<Mismatch> causes(TestCase test, List<Mismatch> differences, Recorder.Run run) {
        List<Mismatch> notMocked = differences.isEmpty() ? List.of()
                : callingOutside().filter(run.failures()::containsKey).map(step -> Mismatch.of(test.place(),
                        "step " + step + " is not mocked", "mock: {" + step + ": …}",
                        CamelMessages.text(run.failures().get(step)))).toList();
        return notMocked.isEmpty() ? differences : notMocked;
    }

    /**
     * Sends a request, and waits until all its exchanges have ended, since steps may run after the response has left.
     *
     * @param otherwise the type of a request that names none
     */
    HttpResponse<String> send(Value request, String otherwise, Recorder.Run run)
            throws IOException, InterruptedException {
        recorder.run(run);
        HttpResponse<String> response = client.send(URI.create("http://127.0.0.1:"
                + context.getEnvironment().getProperty("local.server.port")), request, otherwise, run.requestId());
        Generation generation = context.getBean(Serving.class).current();
        for (int millis = 0; millis < LONGEST_END_MILLIS && generation.isBusy(); millis++) {
            Thread.sleep(1);
        }
        return response;
    }

    /** Lets rows answer for the catalogue, if the service has one. */
    void addCatalogue(MultiValueMap<String, Mock> replaced, BinaryOperator<String> rows) {
        if (hasCatalogue()) {
            mocks.addCatalogue(replaced, rows);
        }
    }

    Map<Integer, Outcome> replay(List<Seen> seen) throws InterruptedException {
        return new Replay(this, set, store).run(seen);
    }

    /** Returns the routes that have a step and did not start. Reports a step that no route has. */
    private Stream<String> routeLeftOut(Value step, List<Mismatch> mismatches) {
        String id = step.name().isEmpty() ? step.text() : step.name();
        if (recorder.steps().contains(id)) {
            return Stream.empty();
        }
        List<Step> without = leftOut.stream()
                .filter(route -> route.allSteps().anyMatch(each -> each.id().equals(id))).toList();
        if (without.isEmpty()) {
            mismatches.add(Mismatch.unknown("step", step.place(), id, recorder.steps(),
                    "The routes have no similar id"));
        }
        return without.stream().map(route -> "steps of " + route.label() + ", which is left out here (precondition "
                + route.field("precondition").text() + ")");
    }

    /** Returns the branches whose type the test excludes. Those of type stream hold no files of a test. */
    private Stream<String> otherTypes(TestCase test, List<Mismatch> mismatches) {
        Set<String> known = new TreeSet<>(branches().keySet());
        Stream.of(test.types(), test.files()).flatMap(named -> named.members().values().stream())
                .filter(named -> !known.contains(named.name())).forEach(named -> mismatches.add(Mismatch.unknown(
                        "branch", named.key(), named.name(), known, "The branches are " + known)));
        return known.stream().filter(branch -> {
            Value wanted = test.types().get(branch);
            return wanted.isPresent() ? !wanted.text().equals(type(branch))
                    : test.files().get(branch).isPresent() && type(branch).equals("stream");
        }).map(branch -> "another type of branch " + branch + " than " + type(branch));
    }

    private String type(String branch) {
        return branches().get(branch).type().name().toLowerCase(Locale.ROOT);
    }

    /** Puts the files of a test. A bucket exists without a file, and so does the folder of a branch. */
    private void putFiles(TestCase test) throws IOException {
        for (Map.Entry<String, StorageSettings.Branch> named : branches().entrySet()) {
            StorageSettings.Branch branch = named.getValue();
            Files.createDirectories(branch.root());
            for (Value file : test.files().get(named.getKey()).members().values()) {
                byte[] content = TestCase.content(file);
                if (branch.type() == StorageSettings.Type.S3) {
                    Value tags = file.get("tags");
                    store.put(branch.bucket(), file.name(), content, !tags.isPresent() ? requiredTags(named.getKey())
                            : tags.members().values().stream().collect(Collectors.toMap(Value::name, Value::text)));
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
