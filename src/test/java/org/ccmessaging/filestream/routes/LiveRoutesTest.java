package org.ccmessaging.filestream.routes;

import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BUSY;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.support.RoutePolicySupport;
import org.awaitility.Awaitility;
import org.ccmessaging.filestream.routes.check.RouteFiles;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.MountedSecret;
import org.ccmessaging.filestream.support.Outcomes;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.toolkit.RequestGate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.contributor.Status;
import org.springframework.http.HttpHeaders;

/** Edits of the routes of a running service. */
@Tag("service")
@ResourceLock(Stage.MBEANS)
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.routes.LiveRoutes",
        texts = {"are not loaded", "cannot be started again"})
@ExpectedErrors.Of(logger = "org.apache.camel", texts = {"Failed to start route", "direct:choose-storage"})
@ExpectedErrors.Of(logger = "filestream", texts = "of a test")
class LiveRoutesTest {

    private static final String UNAUTHORIZED = Outcomes.textOf(Outcomes.UNAUTHORIZED);
    private static final String TEXT = "expression: \""
            + UNAUTHORIZED.replaceAll(" (?=\\d)", "\n" + " ".repeat(18)) + "\"";
    private static final String[] LOGIN = {"Authorization",
        "Basic " + HttpHeaders.encodeBasicAuth("admin", "only-for-tests", StandardCharsets.UTF_8)};
    private static final byte[] SMALL = Stage.content(3_000);
    private static final byte[] LARGE = Stage.content(24_000_000);

    @TempDir
    private static Path temp;

    private static OwnRoutes routes;
    @AutoClose
    private static Stage stage;

    /** What the routes in Java call. */
    private static volatile CountDownLatch hold = new CountDownLatch(0);
    private static volatile CountDownLatch start = new CountDownLatch(0);
    private static final Semaphore HELD = new Semaphore(0);
    private static final AtomicInteger BEGUN = new AtomicInteger();
    private static final AtomicInteger TAPPED = new AtomicInteger();

    static class JavaRoutes extends RouteBuilder {

        @Override
        public void configure() {
            from("platform-http:/java/hold").routeId("java-hold").routePolicy(new RoutePolicySupport() {
                @Override
                public void onStart(Route route) {
                    Awaitility.await().forever().until(() -> start.getCount() == 0);
                }
            }).process(exchange -> {
                HELD.release();
                hold.await();
            }).id("hold").to("direct:after-hold");
            from("direct:after-hold").routeId("after-hold").setBody(constant("held"));
            from("platform-http:/java/failure").routeId("java-failure").routeConfigurationId("result-codes")
                    .throwException(IllegalStateException.class, "of a test");
        }
    }

    static class TimerRoutes extends RouteBuilder {

        @Override
        public void configure() {
            from("timer:java?period=50").routeId("java-timer").process(exchange -> BEGUN.incrementAndGet())
                    .wireTap("direct:tapped").end().to("direct:after-hold");
            // Always a few at once.
            from("direct:tapped").routeId("java-tapped").delay(200).process(exchange -> TAPPED.incrementAndGet());
        }
    }

    @BeforeAll
    static void start() throws Exception {
        routes = new OwnRoutes(temp.resolve("routes"));
        stage = stage(routes.folder(), true, true, JavaRoutes.class);
        stage.put("standard", "small.bin", SMALL);
        stage.put("standard", "large.bin", LARGE);
    }

    /** Camel's MBeans have the name of the context, so only one service of the JVM may have them. */
    private static Stage stage(Path folder, boolean live, boolean mbeans, Class<?>... beans) throws Exception {
        Map<String, Object> settings = new HashMap<>(Map.of("filestream.routes.directory", folder.toString(),
                "filestream.routes.live-reload", live, "camel.main.jmx-enabled", mbeans,
                "filestream.download.max-file-size", "100MB",
                "filestream.console.username", "admin", "filestream.console.password", "only-for-tests"));
        return new Stage(Stage.Kind.FILESYSTEM, settings, beans);
    }

    @BeforeEach
    void restore() throws Exception {
        routes.restore();
        await().until(() -> post("").json().at("/outcome").asText(), "unchanged"::equals);
        assertThat(state().has("rejected")).isFalse();
    }

    private static JsonNode state() {
        return stage.service().management().send("GET", "/actuator/routes", BodyPublishers.noBody(), LOGIN).json();
    }

    private static Answer post(String path) {
        return post(path, stage);
    }

    private static Answer hold(String duration) {
        List<String> headers = new ArrayList<>(List.of(LOGIN));
        headers.addAll(List.of("Content-Type", "application/json"));
        return stage.service().management().send("POST", "/actuator/routes",
                BodyPublishers.ofString("{\"hold\":\"" + duration + "\"}"), headers.toArray(String[]::new));
    }

    private static Answer post(String path, Stage service) {
        return service.service().management().send("POST", "/actuator/routes" + path, BodyPublishers.noBody(), LOGIN);
    }

    /** Loads the files of the folder, as soon as the requests in the routes allow it. */
    private static void load() {
        Answer loaded = await().until(() -> post(""), answer -> !answer.text().contains("\"busy\""));
        assertThat(loaded.status()).as(loaded.text()).isEqualTo(200);
    }

    private static double reloads(String outcome) {
        return stage.metric("filestream_routes_reloads_total{outcome=\"" + outcome + "\"}");
    }

    /** A client without the interface description, whose responses an edit may change. */
    private static Api plain() {
        return new Api(stage.api().base());
    }

    private static String refusal() {
        return refusal(stage);
    }

    private static String refusal(Stage service) {
        return new Api(service.api().base()).download(request("standard", "small.bin"), "x-app-key", "nobody").json()
                .at("/exceptionInfo").asText();
    }

    /** Makes this the only edit. */
    private static void write(String text) throws IOException {
        routes.restore();
        routes.replace("result-codes", TEXT, "expression: " + text);
    }

    private static void own(String uri, String step) throws IOException {
        routes.add("own", """
                - route:
                    id: own
                    from:
                      uri: %s
                      steps:
                        - %s
                """.formatted(uri, step));
    }

    @Test
    void editIsServedAndReportedAndLoadWithoutAnotherCountsAsUnchanged() throws Exception {
        String before = state().at("/sha256").asText();
        write("Text A.");

        await().until(LiveRoutesTest::refusal, "Text A."::equals);

        // The new routes serve a moment before the state describes them.
        JsonNode state = await().until(LiveRoutesTest::state, it -> it.at("/by").asText().equals("file change"));
        assertThat(state.fieldNames()).toIterable().containsExactly("sha256", "since", "by", "live", "filesDiffer");
        assertThat(state.at("/sha256").asText()).isNotEqualTo(before)
                .isEqualTo(RouteFiles.read(routes.folder()).sha256());
        assertThat(state.at("/live").asBoolean()).isTrue();
        assertThat(state.at("/filesDiffer").asBoolean()).isFalse();
        assertThat(stage.metric("filestream_routes_info{sha256=\"" + state.at("/sha256").asText() + "\"}")).isOne();

        double unchanged = reloads("unchanged");
        post("");
        assertThat(reloads("unchanged")).isEqualTo(unchanged + 1);
    }

    @Test
    void editsOfRequestFlowTemplateAndDeletedFilesTakeEffect() throws Exception {
        routes.replace("download-file-stream", "expression: {constant: {expression: \"0\"}}",
                "expression: {constant: {expression: \"00\"}}");
        own("platform-http:/own", "setBody: {expression: {constant: {expression: one}}}");
        load();
        assertThat(plain().download(request("standard", "small.bin")).text()).contains("\"00\"");
        assertThat(plain().get("/own").text()).isEqualTo("one");

        routes.restore();
        routes.add("own", """
                - routeTemplate:
                    id: greeting
                    parameters: [{name: text}]
                    from:
                      uri: platform-http:/own
                      steps:
                        - setBody: {expression: {constant: {expression: "{{text}}"}}}
                - templatedRoute: {routeTemplateRef: greeting, routeId: own, parameters: [{name: text, value: two}]}
                """);
        load();
        assertThat(plain().get("/own").text()).isEqualTo("two");
        routes.replace("own", "two", "three");
        load();
        assertThat(plain().get("/own").text()).isEqualTo("three");

        Files.delete(routes.folder().resolve("own.camel.yaml"));
        await().until(() -> plain().get("/own").status(), status -> status == 404);
        assertThat(stage.api().download(request("standard", "small.bin")).file()).isEqualTo(SMALL);
    }

    @Test
    void faultyFilesChangeNothingAndAreReportedUntilTheyAreFixed() throws Exception {
        double rejections = reloads("rejected");
        routes.replace("result-codes", TEXT, "expression: [");
        await().until(() -> state().has("rejected"));

        JsonNode finding = state().at("/rejected/findings/0");
        assertThat(finding.at("/file").asText()).endsWith("result-codes.camel.yaml");
        assertThat(finding.fieldNames()).toIterable().contains("line", "column", "message");
        assertThat(state().at("/rejected/sha256").asText()).isEqualTo(RouteFiles.read(routes.folder()).sha256());
        assertThat(state().at("/filesDiffer").asBoolean()).isTrue();
        assertThat(reloads("rejected")).isEqualTo(rejections + 1);
        assertThat(stage.metric("filestream_routes_rejected")).isOne();
        assertThat(stage.service().bean(HealthEndpoint.class).healthForPath("routes"))
                .isInstanceOfSatisfying(IndicatedHealthDescriptor.class, health -> {
                    assertThat(health.getStatus()).isEqualTo(Status.UP);
                    assertThat(health.getDetails()).containsKey("rejected");
                });
        assertThat(refusal()).isEqualTo(UNAUTHORIZED);

        write("Text B.");
        await().until(LiveRoutesTest::refusal, "Text B."::equals);
        await().until(() -> !state().has("rejected"));
        assertThat(stage.metric("filestream_routes_rejected")).isZero();
    }

    @Test
    void routesThatCannotStartAreRejectedAtTheirPlaces() throws Exception {
        own("direct:choose-storage", "log: {id: log-own, message: twice}");
        Answer twice = post("");
        assertThat(twice.status()).isEqualTo(409);
        assertThat(twice.json().at("/outcome").asText()).isEqualTo("rejected");
        assertThat(twice.json().at("/findings/0/message").asText()).contains("direct:");

        own("direct:own", "setVariable: {name: branch, constant: archive}");
        assertThat(post("").json().at("/findings/0/message").asText()).contains("the settings have no branch archive:"
                + " set filestream.storage.archive.key and restart, because settings are read at startup");

        own("file:/nowhere/at-all?autoCreate=false&startingDirectoryMustExist=true", "log: {id: own-log, message: a}");
        JsonNode missing = post("").json().at("/findings/0");
        assertThat(missing.at("/message").asText()).contains("route own", "/nowhere/at-all");
        assertThat(List.of(missing.at("/line").asInt(), missing.at("/column").asInt())).containsExactly(4, 12);
        assertThat(stage.api().download(request("standard", "small.bin")).file()).isEqualTo(SMALL);
    }

    @Test
    void routesThatStartNeitherNewNorFormerAreDownUntilTheyStart() throws Exception {
        Path inbox = Files.createDirectory(temp.resolve("inbox"));
        own("file:" + inbox + "?autoCreate=false&startingDirectoryMustExist=true", "log: {id: own-log, message: a}");
        load();
        Files.delete(inbox);
        routes.replace("own", "message: a", "message: b");

        await().until(() -> state().at("/waits").asText(), waits -> waits.contains("no routes are active since"));
        assertThat(stage.service().bean(HealthEndpoint.class).healthForPath("routes").getStatus())
                .isEqualTo(Status.DOWN);
        assertThat(stage.service().management().get("/actuator/health/readiness").status()).isEqualTo(503);
        assertThat(state().has("sha256")).isFalse();
        assertThat(state().at("/stopped").toString()).contains("own", "storage-standard");
        assertThat(stage.metrics()).doesNotContain("filestream_routes_info{");
        assertThat(stage.metrics().lines().filter(line -> line.startsWith("filestream_route_up{")))
                .hasSizeGreaterThan(10).allMatch(line -> line.endsWith(" 0.0"))
                .anyMatch(line -> line.contains("\"own\"")).anyMatch(line -> line.contains("\"java-hold\""));
        assertThat(stage.api().download(request("standard", "small.bin")).text()).isEqualTo(BUSY);

        Files.createDirectory(inbox);
        load();
        assertThat(state().has("stopped")).isFalse();
        assertThat(stage.service().management().get("/actuator/health/readiness").status()).isEqualTo(200);
        assertThat(stage.api().download(request("standard", "small.bin")).file()).isEqualTo(SMALL);
    }

    @Test
    void previousGoesFurtherBackEachTimeAndStaysUntilTheFilesChange() throws Exception {
        for (String text : List.of("Text 1.", "Text 2.")) {
            write(text);
            load();
        }

        assertThat(post("/previous").json().at("/outcome").asText()).isEqualTo("loaded");
        assertThat(refusal()).isEqualTo("Text 1.");
        assertThat(state().at("/by").asText()).isEqualTo("user admin");
        assertThat(state().at("/filesDiffer").asBoolean()).isTrue();
        assertThat(post("/previous").status()).isEqualTo(200);
        assertThat(refusal()).isEqualTo(UNAUTHORIZED);
        assertThat(post("/other").status()).isEqualTo(404);

        write("Text 3.");
        await().until(LiveRoutesTest::refusal, "Text 3."::equals);
    }

    @Test
    void withoutLiveReloadTheEndpointLoadsIfNecessaryLaterAndARejectionEndsWithItsFiles() throws Exception {
        OwnRoutes other = new OwnRoutes(temp.resolve("other"));
        try (Stage quiet = stage(other.folder(), false, false, JavaRoutes.class)) {
            assertThat(post("/previous", quiet).status()).isEqualTo(409);
            other.replace("result-codes", TEXT, "expression: Text C.");
            await().until(() -> quiet.metric("filestream_routes_files_differ") == 1);
            assertThat(refusal(quiet)).isEqualTo(UNAUTHORIZED);
            assertThat(quiet.metric("filestream_routes_rejected")).isZero();

            assertThat(post("", quiet).json().at("/outcome").asText()).isEqualTo("loaded");

            assertThat(refusal(quiet)).isEqualTo("Text C.");
            // Another service has its own routes.
            assertThat(refusal()).isEqualTo(UNAUTHORIZED);

            CompletableFuture<Answer> hanging = hang(quiet);
            other.replace("result-codes", "expression: Text C.", "expression: Text I.");
            assertThat(post("", quiet).json().at("/outcome").asText()).isEqualTo("busy");
            hold.countDown();
            assertThat(hanging.get().text()).isEqualTo("held");
            await().until(() -> refusal(quiet), "Text I."::equals);

            other.replace("result-codes", "expression: Text I.", "expression: [");
            assertThat(post("", quiet).status()).isEqualTo(409);
            assertThat(quiet.metric("filestream_routes_rejected")).isOne();
            other.restore();
            await().until(() -> quiet.metric("filestream_routes_rejected") == 0);
        }
    }

    /** Returns the response to a request that stays in a route until {@link #hold} lets it go. */
    private static CompletableFuture<Answer> hang(Stage service) throws Exception {
        hold = new CountDownLatch(1);
        CompletableFuture<Answer> hanging =
                CompletableFuture.supplyAsync(() -> new Api(service.api().base()).get("/java/hold"));
        assertThat(HELD.tryAcquire(1, TimeUnit.MINUTES)).as(() -> hanging.getNow(null).text()).isTrue();
        return hanging;
    }

    @Test
    void requestThatHangsInARouteIsNamedAndDelaysTheEditUntilItEndsOrAnOperatorHoldsNewRequests() throws Exception {
        CompletableFuture<Answer> hanging = hang(stage);
        write("Text D.");

        JsonNode awaited = await().until(LiveRoutesTest::state, state -> state.has("awaited")).at("/awaited/0");
        assertThat(List.of(awaited.at("/routeId").asText(), awaited.at("/step").asText()))
                .containsExactly("java-hold", "hold");
        assertThat(state().at("/waits").asText()).contains("request " + awaited.at("/requestId").asText(),
                "since " + awaited.at("/since").asText(), "{\"hold\":\"PT10S\"}");
        assertThat(stage.metric("filestream_routes_awaited{routeId=\"java-hold\",step=\"hold\"}")).isOne();
        assertThat(refusal()).isEqualTo(UNAUTHORIZED);
        assertThat(post("").json().at("/outcome").asText()).isEqualTo("busy");
        assertThat(state().at("/filesDiffer").asBoolean()).isTrue();
        assertThat(hold("PT0.5S").status()).isEqualTo(400);
        assertThat(hold("PT11S").text()).contains("hold must be from PT1S to PT10S");

        CompletableFuture<Answer> held = CompletableFuture.supplyAsync(() -> hold("PT10S"));
        hold.countDown();

        assertThat(held.get().json().at("/outcome").asText()).isIn("loaded", "unchanged");
        assertThat(hanging.get().text()).isEqualTo("held");
        assertThat(refusal()).isEqualTo("Text D.");
        assertThat(state().has("waits")).isFalse();
        assertThat(stage.metric("filestream_routes_awaited{routeId=\"none\",step=\"none\"}")).isZero();
    }

    @Test
    void whileRoutesStartSlowlyABrokenReadEndsWithTheFormerTextAndARequestGets503() throws Exception {
        String clause = Files.readString(routes.folder().resolve("result-codes.camel.yaml"))
                .replaceFirst("downloadFileStream IOException", "Text J.");
        routes.add("result-codes", clause);
        load();
        stage.put("standard", "broken.bin", LARGE);
        CompletableFuture<Answer> reload;
        try (InputStream body = stage.api().downloadStream(request("standard", "broken.bin"))) {
            body.readNBytes(10_000);
            start = new CountDownLatch(1);
            routes.replace("result-codes", "Text J.", "Text K.");
            reload = CompletableFuture.supplyAsync(() -> post(""));
            await().until(() -> stage.service().bean(RequestGate.class).isClosed());
            CompletableFuture<Answer> refused = CompletableFuture.supplyAsync(() -> stage.api().download(
                    request("standard", "small.bin"), Api.credentialsAnd("X-Request-Id", "held")));
            try (FileChannel file = FileChannel.open(stage.root().resolve("standard/demo/broken.bin"), WRITE)) {
                file.truncate(1_000);
            }

            byte[] rest = body.readAllBytes();

            assertThat(new String(rest, rest.length - 50, 50, StandardCharsets.UTF_8))
                    .endsWith("\"resultCode\":\"13\",\"resultDesc\":\"Text J.\"}");
            Answer answer = refused.get(1, TimeUnit.MINUTES);
            assertThat(answer.text()).isEqualTo(BUSY);
            assertThat(answer.header("Retry-After")).isEqualTo("1");
            assertThat(answer.header("X-Request-Id")).isEqualTo("held");
            assertThat(reload).isNotDone();
        } finally {
            start.countDown();
        }
        assertThat(reload.get().status()).isEqualTo(200);
    }

    @Test
    void callAfterADownloadThatHangsDelaysNoReloadAndRunsNoFurtherStepOfTheFormerRoutes() throws Exception {
        routes.add("download-ended", """
                - route:
                    id: download-ended
                    from:
                      uri: direct:download-ended
                      steps:
                        - to: {id: first, uri: "mock:first"}
                        - to: {id: second, uri: "mock:second"}
                """);
        load();
        CamelContext camel = stage.service().bean(CamelContext.class);
        MockEndpoint second = camel.getEndpoint("mock:second", MockEndpoint.class);
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        camel.getEndpoint("mock:first", MockEndpoint.class).whenAnyExchangeReceived(exchange -> {
            called.countDown();
            released.await();
        });
        double failures = stage.metric("filestream_download_ended_failures_total");
        try {
            refusal();
            assertThat(called.await(1, TimeUnit.MINUTES)).isTrue();
            routes.replace("result-codes", TEXT, "expression: Text L.");

            assertThat(post("").json().at("/outcome").asText()).isIn("loaded", "unchanged");
            assertThat(refusal()).isEqualTo("Text L.");
        } finally {
            released.countDown();
        }
        await().until(() -> stage.metric("filestream_download_ended_failures_total") == failures + 1);
        assertThat(second.getExchanges()).isEmpty();
        await().until(() -> camel.getEndpoint("mock:second", MockEndpoint.class).getReceivedCounter() == 1);
    }

    @Test
    void slowReaderDoesNotDelayAnEditAndGetsItsFile() throws Exception {
        try (InputStream body = stage.api().downloadStream(request("standard", "large.bin"))) {
            body.readNBytes(10_000);
            write("Text E.");

            load();

            assertThat(refusal()).isEqualTo("Text E.");
            byte[] rest = body.readAllBytes();
            assertThat(new String(rest, rest.length - 20, 20, StandardCharsets.UTF_8))
                    .endsWith("\"resultCode\":\"0\"}");
        }
    }

    @Test
    void stoppedRouteStaysStoppedWhenRoutesAreLoaded() throws Exception {
        CamelContext camel = stage.service().bean(CamelContext.class);
        camel.getRouteController().stopRoute("storage-local");
        write("Text F.");

        load();

        assertThat(state().at("/stopped").toString()).isEqualTo("[\"storage-local\"]");
        assertThat(stage.api().download(request("local", "small.bin")).text()).isEqualTo(BUSY);
        assertThat(stage.api().download(request("standard", "small.bin")).file()).isEqualTo(SMALL);
        camel.getRouteController().startRoute("storage-local");
        assertThat(state().has("stopped")).isFalse();
    }

    @Test
    void steadyTimerWithAWireTapDelaysNoEditAndLosesNoExchange() throws Exception {
        OwnRoutes edited = new OwnRoutes(temp.resolve("edited"));
        try (Stage timed = stage(edited.folder(), false, false, JavaRoutes.class, TimerRoutes.class)) {
            for (int i = 0; i < 3; i++) {
                int begun = BEGUN.get();
                await().until(() -> BEGUN.get() > begun + 10);
                edited.restore();
                edited.replace("result-codes", TEXT, "expression: Timer " + i + ".");
                assertThat(post("", timed).json().at("/outcome").asText()).isEqualTo("loaded");
            }

            timed.service().bean(CamelContext.class).getRouteController().stopRoute("java-timer");

            await().untilAsserted(() -> assertThat(TAPPED).hasValue(BEGUN.get()));
        }
    }

    @Test
    void routesInJavaGetTheEditedClauses() throws Exception {
        assertThat(plain().get("/java/failure").text()).contains("Business failure.");

        routes.replace("result-codes", "\"Business failure.", "\"Own failure.");
        load();

        assertThat(plain().get("/java/failure").text()).contains("Own failure.");
        assertThat(plain().get("/java/failure").status()).isEqualTo(500);
    }

    @Test
    void emptyFileAndMissingFolderAreWaitedFor() throws Exception {
        Path file = routes.folder().resolve("result-codes.camel.yaml");
        String text = Files.readString(file);
        Files.writeString(file, "");
        await().until(() -> state().has("waits"));
        Files.move(routes.folder(), temp.resolve("away"));
        await().until(() -> state().at("/waits").asText().contains("NoSuchFile"));
        assertThat(post("").status()).isEqualTo(409);
        assertThat(state().has("rejected")).isFalse();
        assertThat(refusal()).isEqualTo(UNAUTHORIZED);

        Files.move(temp.resolve("away"), routes.folder());
        Files.writeString(file, text.replace(TEXT, "expression: Text G."));

        await().until(LiveRoutesTest::refusal, "Text G."::equals);
        assertThat(state().has("waits")).isFalse();
    }

    /** Reading a named pipe hangs as reading a file of a mount that is away. */
    @Test
    void folderThatHangsDelaysNeitherStateNorHealthNorRequests() throws Exception {
        Path pipe = routes.folder().resolve("pipe.camel.yaml");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        CompletableFuture<Answer> reload = CompletableFuture.supplyAsync(() -> post(""));
        // Opening a pipe waits for its reader, which then waits for the first byte.
        try (OutputStream hanging = Files.newOutputStream(pipe)) {
            // A further read of it would never end.
            Files.delete(pipe);

            assertThat(state().has("by")).isTrue();
            assertThat(stage.service().management().get("/actuator/health").text()).contains("\"UP\"");
            assertThat(stage.metric("filestream_routes_rejected")).isZero();
            assertThat(refusal()).isEqualTo(UNAUTHORIZED);
            hanging.flush();
        }
        assertThat(reload.get().status()).isIn(200, 409);
    }

    @Test
    void configMapIsLoadedWhenItsLinkChanges() throws Exception {
        Map<String, String> files = new HashMap<>();
        RouteFiles.read(Path.of("routes")).contents().forEach((file, text) ->
                files.put(file.getFileName().toString(), new String(text, StandardCharsets.UTF_8)));
        MountedSecret mount = new MountedSecret(temp.resolve("mount"), files);
        try (Stage mounted = stage(temp.resolve("mount"), true, false)) {
            assertThat(refusal(mounted)).isEqualTo(UNAUTHORIZED);

            files.replaceAll((name, yaml) -> yaml.replace(TEXT, "expression: Text H."));
            mount.update(files);

            await().until(() -> refusal(mounted), "Text H."::equals);
        }
    }

    @Test
    void noRequestFailsOrRunsThroughTwoVersionsWhileRoutesAreEdited() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        List<CompletableFuture<Set<String>>> clients = IntStream.range(0, 4).mapToObj(client ->
                CompletableFuture.supplyAsync(() -> {
                    Set<String> seen = new TreeSet<>();
                    while (!done.get()) {
                        Answer refused = plain().download(request("standard", "small.bin"), "x-app-key", "nobody");
                        seen.add(refused.status() + " " + refused.header("resultDesc")
                                + (refused.text().contains(refused.header("resultDesc")) ? "" : " " + refused.text()));
                        seen.add("bytes: " + plain().download(request("standard", "small.bin")).file().length);
                    }
                    return seen;
                }, task -> new Thread(task).start())).toList();
        Set<String> expected = new TreeSet<>(Set.of("401 " + UNAUTHORIZED, "bytes: 3000"));
        for (int i = 0; i < 6; i++) {
            write("Load " + i + ".");
            expected.add("401 Load " + i + ".");
            load();
        }
        done.set(true);
        for (CompletableFuture<Set<String>> client : clients) {
            assertThat(expected).containsAll(client.get(1, TimeUnit.MINUTES));
        }
    }

    @Test
    void replacedRoutesAreForgottenAndThreadsMetersMBeansAndHealthChecksDoNotGrow() throws Exception {
        WeakReference<Route> replaced = new WeakReference<>(
                stage.service().bean(CamelContext.class).getRoute("download-file-stream"));
        List<Map<String, Map<String, Long>>> grown = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            write("Growth " + i % 5 + ".");
            load();
            refusal();
            if (i == 2 || i == 6) {
                grown.add(parts());
            }
        }
        assertThat(grown.get(1)).containsExactlyInAnyOrderEntriesOf(grown.get(0));
        await().until(() -> {
            System.gc();
            return replaced.get() == null;
        });
    }

    private static Map<String, Map<String, Long>> parts() throws Exception {
        CamelContext camel = stage.service().bean(CamelContext.class);
        return Map.of(
                "checks", counted(HealthCheckRegistry.get(camel).stream().map(HealthCheck::getId)),
                "threads", counted(Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                        .filter(name -> name.startsWith("Camel (" + camel.getName() + ")"))),
                "MBeans", counted(ManagementFactory.getPlatformMBeanServer()
                        .queryNames(new ObjectName("org.apache.camel:*"), null).stream().map(ObjectName::toString)),
                "meters", counted(stage.metrics().lines().filter(line -> line.matches("(filestream|camel)_.*"))
                        .map(line -> line.substring(0, line.lastIndexOf(' ')))));
    }

    private static Map<String, Long> counted(Stream<String> names) {
        return names.map(name -> name.replaceAll("sha256=\"\\w+\"|0x[0-9a-f]+|#[0-9]+", "#"))
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }
}
