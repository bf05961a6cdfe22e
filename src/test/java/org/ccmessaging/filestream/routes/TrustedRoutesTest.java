package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Outcomes.BUSINESS_FAILURE;
import static org.ccmessaging.filestream.support.Outcomes.DOWNLOAD_FAILED;
import static org.ccmessaging.filestream.support.Outcomes.FILE_SERVICE_REFUSED;
import static org.ccmessaging.filestream.support.Outcomes.READ_BROKEN;
import static org.ccmessaging.filestream.support.Outcomes.UNAUTHORIZED;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.nimbusds.jwt.SignedJWT;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InflightRepository;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.Outcomes;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.ccmessaging.filestream.support.Unguarded;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.test.util.ReflectionTestUtils;
import org.yaml.snakeyaml.Yaml;

/**
 * What no edit of a route can do to a running service. Each test adds a route of its own to it, as if no check had been
 * made before.
 */
@Tag("service")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream", texts = {"Route ", "deep"})
@ExpectedErrors.Of(logger = "filestream", texts = "")
class TrustedRoutesTest {

    private static final Map<Stage.Kind, Stage> STAGES = new EnumMap<>(Stage.Kind.class);
    private static final AtomicInteger ROUTES = new AtomicInteger();
    private static final byte[] FILE = Stage.content(1000);
    private static final String APP = "{\"app_key\":\"demo-app\",\"app_secret\":\"demo-secret\"}";
    private static final String FILE_IN_MEMORY = "org.ccmessaging.filestream.response.ReadFirstChunk.file";

    /** Wraps each step, as the console does to remember the one that failed. */
    static class Wrapping implements InterceptStrategy {

        @Override
        public Processor wrapProcessorInInterceptors(
                CamelContext context, NamedNode step, Processor target, Processor next) {
            return new DelegateAsyncProcessor(target);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        for (Stage.Kind kind : Stage.Kind.values()) {
            Stage stage = new Stage(kind, Map.of("filestream.routes.timeout", "3s",
                    "filestream.routes.request-headers", "X-Tenant", "filestream.routes.hosts", "127.0.0.1",
                    "filestream.http.response-headers", "X-Service-Version", "filestream.log.file-ids", "plain"),
                    Unguarded.class, Wrapping.class);
            stage.put("standard", "a.txt", FILE);
            stage.put("standard", "large.bin", Stage.content(200_000));
            stage.put("standard", "kept.txt", Stage.content(9_000));
            stage.put("standard", "kept.bin", Stage.content(300_000));
            stage.putAt("standard", "other/a.txt", Stage.CANARY.getBytes(StandardCharsets.UTF_8));
            STAGES.put(kind, stage);
        }
    }

    @AfterAll
    static void stop() {
        STAGES.values().forEach(Stage::close);
    }

    private static Stage stage() {
        return STAGES.get(Stage.Kind.S3);
    }

    /** The beginning of a route for requests, which belong to a download from its first step on. */
    private static final String ENTRY = """
            - route:
                id: entry-N
                routeConfigurationId: result-codes
                from:
                  uri: platform-http:PATH
                  steps:
                    - setVariable: {id: branch-N, name: branch, constant: standard}
            """;

    /** Adds routes and returns their path; {@code PATH} and {@code N} stand for what is theirs alone. */
    private static String add(Stage stage, String yaml) throws Exception {
        int number = ROUTES.incrementAndGet();
        CamelContext context = stage.service().bean(CamelContext.class);
        String path = "/trusted/" + number;
        Unguarded.load(context, "trusted" + number,
                yaml.replace("PATH", path).replaceAll("\\bN\\b", Integer.toString(number)));
        return path;
    }

    /** The shipped way of a request under another path, with this in place of one of its outer steps. */
    private static String replaced(Stage stage, String step, String steps) throws Exception {
        Matcher found = Pattern.compile("(?m)^        - \\w+:\n            id: " + step + "\n(?:            .*\n)*")
                .matcher(Files.readString(Path.of("routes/download-file-stream.camel.yaml")));
        assertThat(found.find()).as(step).isTrue();
        return add(stage, found.replaceFirst(Matcher.quoteReplacement(steps.replace("STEP", found.group())))
                .replaceAll("(?m)^( *-? *id: .*)$", "$1-N")
                .replace("platform-http:/apiaccess/ccmessaging/downloadFileStream", "platform-http:PATH"));
    }

    private static String before(Stage stage, String step, String inserted) throws Exception {
        return replaced(stage, step, inserted + "STEP");
    }

    private static String behind(Stage stage, String step, String inserted) throws Exception {
        return replaced(stage, step, "STEP" + inserted);
    }

    private static Answer download(Stage stage, String path, String name, String... headers) {
        Api api = new Api(stage.api().base());
        return api.post(path, Api.request("standard", name).getBytes(StandardCharsets.UTF_8), headers);
    }

    private static String setVariable(String name, String simple) {
        return "        - setVariable:\n            id: set-" + name + "\n            name: " + name
                + "\n            simple: " + simple + "\n";
    }

    @ParameterizedTest
    @CsvSource({"tenantId, other", "tenantId, ${header.X-Tenant}", "customer, other", "location, other/a.txt",
        "appKey, other"})
    void overwrittenVariableChangesNoDecision(String variable, String value) throws Exception {
        for (Stage stage : STAGES.values()) {
            String path = before(stage, "to-choose-storage", setVariable(variable, value));

            assertThat(download(stage, path, "a.txt", Api.credentialsAnd("X-Tenant", "other")).file()).isEqualTo(FILE);
        }
    }

    static Stream<Arguments> edits() throws IOException {
        List<Map<String, String>> edits = new Yaml().load(Files.readString(
                Path.of("src/test/resources/route-edits/unguarded.yaml")));
        return edits.stream().map(edit -> Arguments.of(edit.get("name"), edit));
    }

    /** Steps in an entry, in place of a step of the shipped route, or first in a route; and routes besides. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("edits")
    void editHasItsOutcome(String name, Map<String, String> edit) throws Exception {
        String steps = edit.getOrDefault("steps", "").indent(8).replace("        STEP\n", "STEP");
        String path = switch (edit.get("at")) {
            case "entry" -> entry(steps);
            case "first" -> add(stage(), ENTRY + steps + edit.getOrDefault("routes", ""));
            case "alone" -> add(stage(), edit.get("routes"));
            default -> replaced(stage(), edit.get("at"), steps);
        };

        Answer answer = assertTimeoutPreemptively(Duration.ofSeconds(60), () ->
                download(stage(), path, edit.getOrDefault("file", "a.txt"), Api.credentials()));

        assertThat(answer.text()).isEqualTo(edit.containsKey("outcome")
                ? ReflectionTestUtils.getField(Outcomes.class, edit.get("outcome")) : Outcomes.success(FILE));
        assertThat(answer.status()).isEqualTo(answer.json().path("errorCode").asInt(200));
    }

    @Test
    void identityOfAnotherRequestCountsForNobody() throws Exception {
        String keep = before(stage(), "admit", setVariable("global:kept",
                "${exchangeProperty[org.ccmessaging.filestream.auth.Identity]}"));
        assertThat(download(stage(), keep, "a.txt", Api.credentials()).file()).isEqualTo(FILE);
        String path = replaced(stage(), "authenticate", """
                        - setProperty:
                            id: take
                            name: org.ccmessaging.filestream.auth.Identity
                            simple: "${variable.global:kept}"
                """);

        assertThat(download(stage(), path, "a.txt").text()).isEqualTo(UNAUTHORIZED);
    }

    /**
     * A route keeps what a step left, and meanwhile a second one serves it to a request of another tenant, in place of
     * what that step left there.
     */
    @ParameterizedTest
    @CsvSource({"to-choose-storage, kept.txt", "to-choose-storage, kept.bin", "respond, kept.txt",
        "respond, kept.bin"})
    void openedFileAndResponseOfAnotherRequestAreServedToNobody(String step, String name) throws Exception {
        for (Stage stage : STAGES.values()) {
            String taker = behind(stage, step, """
                            - setBody: {id: take-body, simple: "${variable.global:body}"}
                            - setProperty: {id: take-file, name: FILE, simple: "${variable.global:file}"}
                            - setVariable: {id: take-memory, name: inMemory, simple: "${variable.global:inMemory}"}
                    """.replace("FILE", FILE_IN_MEMORY));
            AtomicReference<Answer> taken = new AtomicReference<>();
            String other = "other" + ROUTES.incrementAndGet();
            stage.service().bean(CamelContext.class).getRegistry().bind(other, (Processor) exchange ->
                    taken.set(download(stage, taker, "a.txt", ofTenant("other"))));
            String keeper = behind(stage, step, (setVariable("global:body", "${body}")
                    + setVariable("global:file", "${exchangeProperty[" + FILE_IN_MEMORY + "]}")
                    + setVariable("global:inMemory", "${variable.inMemory}")
                    + "        - process: {id: other, ref: " + other + "}\n"));

            Answer kept = download(stage, keeper, name, Api.credentials());

            assertThat(kept.file()).isEqualTo(Stage.content(name.endsWith("txt") ? 9_000 : 300_000));
            assertThat(taken.get().text()).isIn(UNAUTHORIZED, BUSINESS_FAILURE, DOWNLOAD_FAILED);
        }
    }

    private static String[] ofTenant(String tenant) {
        return Api.credentials(TestTokens.access().sign(), TestTokens.session().claim("tenantId", tenant).sign());
    }

    /** A route of the customer's request for {@code a.txt}, up to the location, and then these steps and the rest. */
    private static String entry(String steps) throws Exception {
        return add(stage(), ENTRY + """
                        - process: {id: authenticate-N, ref: authenticate}
                        - setVariable: {id: object-key-N, name: objectKey, constant: a.txt}
                """ + steps + """
                        - process: {id: read-first-chunk-N, ref: readFirstChunk}
                        - setHeader: {id: set-success-N, name: resultCode, constant: "0"}
                        - marshal: {id: encode-N, base64: {lineLength: 0}}
                        - process: {id: respond-N, ref: respond}
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"encode", "respond"})
    void bodyThatIsNotTheFileIsNoSuccess(String step) throws Exception {
        String path = behind(stage(), step, "        - setBody: {id: verdict, simple: '{\"clean\":true}'}\n");

        for (String name : new String[] {"a.txt", "large.bin"}) {
            Answer answer = download(stage(), path, name, Api.credentials());

            assertThat(answer.text()).as(name).doesNotContain("clean").doesNotContain("\"resultCode\":\"0\"");
            assertThat(answer.text()).as(name).isIn(BUSINESS_FAILURE, DOWNLOAD_FAILED);
        }
    }

    @Test
    void metricsCountWhatWasSentAndNotWhatTheRouteSaid() throws Exception {
        Counter refused = stage().service().bean(MeterRegistry.class).counter("filestream.downloads",
                "branch", "standard", "resultCode", "500", "cause", "other");
        double before = refused.count();

        download(stage(), replaced(stage(), "respond", ""), "a.txt", Api.credentials());
        String lie = "        - setHeader: {id: lie, name: resultCode, constant: '7'}\n";
        download(stage(), behind(stage(), "respond", lie), "a.txt", Api.credentials());

        await().untilAsserted(() -> assertThat(refused.count()).isEqualTo(before + 1));
        assertThat(stage().service().bean(MeterRegistry.class).find("filestream.downloads").tag("resultCode", "7")
                .counter()).isNull();
    }

    /** Returns the fields of the line that a request for {@code a.txt} leaves in the log of downloads. */
    private static Map<String, Object> logged(String path) throws Exception {
        String id = UUID.randomUUID().toString();
        try (LoggedLines lines = new LoggedLines("download")) {
            download(stage(), path, "a.txt", Api.credentialsAnd("X-Request-Id", id));
            return await().until(() -> lines.list().stream()
                    .filter(line -> id.equals(line.getMDCPropertyMap().get("requestId"))).findFirst(),
                    Optional::isPresent).map(TrustedRoutesTest::fields).orElseThrow();
        }
    }

    private static Map<String, Object> fields(ILoggingEvent line) {
        return line.getKeyValuePairs().stream().collect(Collectors.toMap(pair -> pair.key, pair -> pair.value));
    }

    private static final String REFUSE = "        - throwException: {id: refuse, message: x, exceptionType:"
            + " org.ccmessaging.filestream.failure.ObjectKeyMissingException}\n";

    @ParameterizedTest
    @CsvSource({"to-choose-storage, forged, standard", "to-choose-storage, local, standard",
        "check-request, forged, none", "check-request, local, local"})
    void logAndMetricsHaveTheBranchOfTheLocationOrOfTheSettings(String step, String set, String branch)
            throws Exception {
        String path = behind(stage(), step, setVariable("branch", "\"" + set.replace("forged", "forged\\nline") + "\"")
                + (step.equals("check-request") ? REFUSE : ""));

        assertThat(logged(path)).containsEntry("branch", branch);
        assertThat(stage().service().bean(MeterRegistry.class).find("filestream.downloads").counters())
                .extracting(counter -> counter.getId().getTag("branch")).isSubsetOf("none", "standard", "local");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${uuid}", "123456", "-1", "ok"})
    void codeThatIsNoNumberOfOneToFiveDigitsIsTheRow500(String code) throws Exception {
        String path = before(stage(), "to-choose-storage", """
                        - setHeader: {id: code, name: resultCode, simple: "CODE"}
                        - setHeader: {id: text, name: resultDesc, constant: x}
                        - process: {id: respond-early, ref: respond}
                        - stop: {id: end}
                """.replace("CODE", code));

        assertThat(download(stage(), path, "a.txt", Api.credentials()).text()).isEqualTo(BUSINESS_FAILURE);
        assertThat(logged(path)).containsEntry("resultCode", "500");
    }

    /** The client would wait for a day between two bytes. An interrupt ends no read on platform threads. */
    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nX-Slow: ", "HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n"})
    void stepThatReadsAnotherServersResponseEndsWithTheTimeOfTheRoutes(String start) throws Exception {
        CompletableFuture<Void> aborted = new CompletableFuture<>();
        try (FaultyServer slow = new FaultyServer()) {
            slow.putEverywhere(FILE, turn -> {
                try {
                    turn.send(start);
                    if (!start.isEmpty()) {
                        turn.sendForEver("x", 50);
                    }
                    turn.stall();
                } finally {
                    aborted.complete(null);
                }
            });
            String path = entry("        - to: {id: ask-N, uri: '" + slow.endpoint()
                    + "?httpMethod=GET&responseTimeout=86400000'}\n");

            assertThat(assertTimeoutPreemptively(Duration.ofSeconds(30),
                    () -> download(stage(), path, "a.txt", Api.credentials()).text())).isEqualTo(READ_BROKEN);
            aborted.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void logNamesTheTimeoutAndTheStepOfARouteThatWaited() throws Exception {
        String wait = "wait" + ROUTES.incrementAndGet();
        stage().service().bean(CamelContext.class).getRegistry().bind(wait,
                (Processor) exchange -> Thread.sleep(20_000));
        try (LoggedLines lines = new LoggedLines("org.ccmessaging.filestream.http.HttpConsumer")) {
            String path = entry("        - threads: {id: threads-N, threadName: waiting}\n"
                    + "        - process: {id: wait-N, ref: " + wait + "}\n");

            assertThat(download(stage(), path, "a.txt", Api.credentials()).text()).isEqualTo(DOWNLOAD_FAILED);

            int number = ROUTES.get();
            assertThat(lines.texts()).anySatisfy(line -> assertThat(line).startsWith("Route entry-" + number
                    + ": the routes took longer than filestream.routes.timeout allows, and step wait-" + number
                    + " was interrupted"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"constant: 36000000", "simple: '${body}'", "jsonpath: {expression: $}"})
    void delayThatCannotEndInTimeLeavesNothing(String language) throws Exception {
        InflightRepository inFlight = stage().service().bean(CamelContext.class).getInflightRepository();
        try (LoggedLines lines = new LoggedLines("filestream")) {
            String path = entry("        - setBody: {id: body-N, constant: '36000000'}\n        - delay: {id: wait-N, "
                    + language + "}\n");

            assertThat(download(stage(), path, "a.txt", Api.credentials()).text()).isEqualTo(DOWNLOAD_FAILED);

            assertThat(lines.texts()).anySatisfy(line -> assertThat(line).contains("filestream.routes.timeout",
                    "step wait-" + ROUTES.get() + " of route entry-" + ROUTES.get()));
            await().untilAsserted(() -> assertThat(inFlight.size()).isZero());
        }
    }

    @Test
    void callsThatFanOutEndAsADownloadException() throws Exception {
        String routes = IntStream.range(0, 24).mapToObj(number -> """
                - route:
                    id: fan-#-N
                    routeConfigurationId: result-codes
                    from:
                      uri: direct:fan-#-N
                      steps:
                        - log: {id: fan-log-#-N, message: fan}
                        - to: {id: first-#-N, uri: direct:fan-@-N}
                        - to: {id: second-#-N, uri: direct:fan-@-N}
                """.replace("#", Integer.toString(number)).replace("@", Integer.toString(number + 1)))
                .collect(Collectors.joining());
        add(stage(), "- route: {id: fan-end-N, routeConfigurationId: result-codes, from: {uri: direct:fan-24-N,"
                + " steps: [{setBody: {id: fan-body, constant: x}}]}}\n" + routes);
        String path = entry("        - to: {id: fan-N, uri: direct:fan-0-" + ROUTES.get() + "}\n");
        try (LoggedLines lines = new LoggedLines("filestream")) {
            assertThat(download(stage(), path, "a.txt", Api.credentials()).text()).isEqualTo(DOWNLOAD_FAILED);

            assertThat(lines.texts()).hasSizeLessThan(6_000).anySatisfy(line ->
                    assertThat(line).contains("the routes run more than 10000 steps, at step "));
        }
    }

    @Test
    void splitsOfManyRowsAreNoLoop() throws Exception {
        String path = add(stage(), ENTRY + """
                        - split:
                            id: rows-N
                            simple: ${bodyAs(String)}
                            steps:
                              - to: {id: to-row-N, uri: direct:row-N}
                        - throwException: {id: no-file-N, message: none,
                            exceptionType: org.ccmessaging.filestream.failure.ObjectNotFoundException}
                - route:
                    id: row-N
                    routeConfigurationId: result-codes
                    from:
                      uri: direct:row-N
                      steps:
                        - log: {id: row-log-N, message: row, loggingLevel: TRACE}
                """);

        assertThat(new Api(stage().api().base()).post(path, "1,".repeat(1_000).getBytes(StandardCharsets.UTF_8)).text())
                .isEqualTo(FILE_SERVICE_REFUSED);
    }

    @Test
    void responsesOfCalledServersCountForTheBudget() throws Exception {
        try (FaultyServer server = new FaultyServer()) {
            server.putAt("half", new byte[990_000], Turn::right);
            server.putAt("more", new byte[2_000_001], Turn::right);
            server.putAt("head", FILE, turn -> turn.right(
                    IntStream.range(0, 150).mapToObj(number -> "X-" + number + ": x").toArray(String[]::new)));
            String ask = "        - to: {id: ask-%s-N, variableReceive: %1$s, uri: '" + server.endpoint()
                    + "/a/%s?httpMethod=GET'}\n";
            String twice = ask.formatted("first", "half") + ask.formatted("second", "half");

            assertThat(download(stage(), before(stage(), "to-choose-storage", twice), "a.txt",
                    Api.credentials()).file()).isEqualTo(FILE);
            for (String more : new String[] {twice + ask.formatted("third", "half"), ask.formatted("first", "more")}) {
                assertThat(download(stage(), before(stage(), "to-choose-storage", more), "a.txt", Api.credentials())
                        .text()).as(more).isEqualTo(BUSINESS_FAILURE);
            }
            assertThat(download(stage(), before(stage(), "to-choose-storage", ask.formatted("first", "head")), "a.txt",
                    Api.credentials()).text()).isEqualTo(READ_BROKEN);
        }
    }

    /** What a step at any place of a route may look at. */
    private static final String LOOK = """
                    - to: {id: show-#, uri: "log:seen?showAll=true&showStreams=true&maxChars=1000000"}
                    - log:
                        id: say-#
                        logName: seen
                        message: >-
                          ${headers} ${variables} ${body} ${bodyAs(String)} ${logExchange} ${messageAs(String)}
                          ${header.Authorization} ${header.x-app-key} ${header.ccmessaging-token}
                          ${variable.request} ${exchangeProperty[org.ccmessaging.filestream.auth.ClientRequest]}
            """;

    /** The route, with this before each of its outer steps and behind the last. */
    private static String looking(String yaml) {
        AtomicInteger places = new AtomicInteger();
        String seen = Pattern.compile("(?m)^        - (?=\\w+:\n            id:)")
                .matcher(yaml).replaceAll(step -> Matcher.quoteReplacement(
                        LOOK.replace("#", places.incrementAndGet() + "-N") + step.group()))
                .replaceFirst("(?m)^(?=    (precondition|routeConf))",
                        Matcher.quoteReplacement(LOOK.replace("#", "N")));
        return seen.replaceAll("(?m)^( *-? *id: [^\\n#]*[a-z])$", "$1-N");
    }

    @Test
    void noStepOfTheDownloadSeesACredential() throws Exception {
        String session = TestTokens.session().expiring(800).sign();
        String access = TestTokens.access().sign();
        String path = add(stage(), looking(Files.readString(Path.of("routes/download-file-stream.camel.yaml")))
                .replace("platform-http:/apiaccess/ccmessaging/downloadFileStream", "platform-http:PATH"));
        try (LoggedLines log = LoggedLines.ofAll()) {
            Answer answer = download(stage(), path, "a.txt", Api.credentials(access, session));

            assertThat(answer.file()).isEqualTo(FILE);
            assertThat(answer.header("ccmessaging-token")).isNotBlank();
            assertSeen(log, session, access, answer.header("ccmessaging-token"));
        }
    }

    private static String tokenRoute(String operation) throws Exception {
        return Arrays.stream(Files.readString(Path.of("routes/tokens.camel.yaml")).split("(?m)^(?=- route:)"))
                .filter(each -> each.contains(operation)).findFirst().orElseThrow()
                .replace("platform-http:" + operation, "platform-http:PATH");
    }

    @ParameterizedTest
    @ValueSource(strings = {Api.TOKEN_BY_AK_SK, Api.APPLY_TOKEN})
    void noStepOfATokenRouteSeesASecretOrAToken(String operation) throws Exception {
        String path = add(stage(), looking(tokenRoute(operation)));
        String access = TestTokens.access().sign();
        try (LoggedLines log = LoggedLines.ofAll()) {
            boolean app = operation.equals(Api.TOKEN_BY_AK_SK);
            Answer answer = new Api(stage().api().base()).post(path, (app ? APP
                    : "{\"userId\":\"u\",\"userName\":\"U\",\"channelId\":\"web-1\",\"locale\":\"en\"}")
                    .getBytes(StandardCharsets.UTF_8), "x-app-key", "demo-app", "Authorization", "Bearer " + access);

            assertThat(answer.status()).isEqualTo(200);
            assertSeen(log, access, "demo-secret", answer.json().get(app ? "AccessToken" : "token").asText());
        }
    }

    private static void assertSeen(LoggedLines log, String... secrets) {
        assertThat(log.list()).filteredOn(line -> line.getLoggerName().endsWith("seen")).hasSizeGreaterThan(5);
        assertThat(log.list()).allSatisfy(line -> assertThat(line.getFormattedMessage()).doesNotContain(secrets));
    }

    @Test
    void sessionTokenNamesTheUserOfTheRequestAndNotOneOfARoute() throws Exception {
        String path = add(stage(), tokenRoute(Api.APPLY_TOKEN).replaceAll("(?m)^( *-? *id: .*)$", "$1-N")
                .replaceFirst("(?m)^(?=        - process:\n            id: issue)", "        - setBody:"
                        + " {id: somebody-N, constant: '{\"userId\":\"else\",\"userName\":\"E\",\"channelId\":\"c\","
                        + "\"locale\":\"en\"}'}\n"));

        Answer answer = new Api(stage().api().base()).post(path,
                "{\"userId\":\"u\",\"userName\":\"U\",\"channelId\":\"web-1\",\"locale\":\"en\"}"
                        .getBytes(StandardCharsets.UTF_8),
                "x-app-key", "demo-app", "Authorization", "Bearer " + TestTokens.access().sign());

        assertThat(SignedJWT.parse(answer.json().get("token").asText()).getJWTClaimsSet().getSubject()).isEqualTo("u");
    }

    @Test
    void issuedTokenIsWrittenByStepRespondOnly() throws Exception {
        String path = add(stage(), tokenRoute(Api.TOKEN_BY_AK_SK)
                .replaceAll("(?m)^( *-? *id: .*)$", "$1-N")
                .replaceFirst("(?m)^(?=        - process:\n            id: respond)", """
                                - marshal: {id: write-N, variableReceive: seen, json: {library: Jackson}}
                                - log: {id: say-N, message: "seen \\${variable.seen}"}
                        """));
        try (LoggedLines log = LoggedLines.ofAll()) {
            Answer answer = new Api(stage().api().base()).post(path, APP.getBytes(StandardCharsets.UTF_8));

            String token = answer.json().get("AccessToken").asText();
            assertThat(log.texts()).anyMatch(line -> line.startsWith("seen")).noneMatch(
                    line -> line.contains("AccessToken\":") || line.contains(token));
        }
    }

    @Test
    void responseHeaderLeavesOnlyIfASettingNamesIt() throws Exception {
        String path = before(stage(), "respond", """
                        - setHeader: {id: version, name: x-service-version, constant: "7"}
                        - setHeader: {id: inner, name: X-Inner, constant: "7"}
                        - setHeader: {id: session, name: ccmessaging-token, constant: "7"}
                """);

        for (String name : new String[] {"a.txt", "large.bin"}) {
            Answer answer = download(stage(), path, name, Api.credentials());

            assertThat(answer.header("X-Service-Version")).as(name).isEqualTo("7");
            assertThat(answer.headerNames()).doesNotContain("x-inner", "ccmessaging-token");
        }
    }

    /** Headers of Camel choose method, path and address of a request that a route makes. */
    @Test
    void exchangeHasNoHeaderOfTheClientButThoseThatASettingNames() throws Exception {
        String path = before(stage(), "record-download", "        - log: {id: all, message: \"all ${headers}\"}\n");
        try (LoggedLines log = LoggedLines.ofAll()) {
            download(stage(), path, "a.txt", Api.credentialsAnd("X-Tenant", "other", "X-Other", "x", "CamelHttpPath",
                    "/x"));

            assertThat(log.list()).filteredOn(line -> line.getFormattedMessage().startsWith("all "))
                    .singleElement().asString().matches(".*all \\{(traceparent=[^,]+, )?X-Tenant=other}");
        }
    }

    @Test
    void routesLogToLoggersOfTheirOwn() throws Exception {
        String path = before(stage(), "record-download", """
                        - log: {id: as-audit, logName: audit, marker: audit, message: forged}
                        - to: {id: as-service, uri: "log:org.ccmessaging.filestream.observe.DownloadLog?marker=audit"}
                        - log: {id: as-itself, logName: filestream, message: forged}
                """);
        try (LoggedLines log = LoggedLines.ofAll()) {
            download(stage(), path, "a.txt", Api.credentials());

            assertThat(log.list()).filteredOn(line -> line.getFormattedMessage().matches("forged|Exchange\\[(?s).*"))
                    .allSatisfy(line -> assertThat(line.getMarkerList()).isNullOrEmpty())
                    .extracting(ILoggingEvent::getLoggerName).containsExactly("filestream.audit",
                            "filestream.org.ccmessaging.filestream.observe.DownloadLog", "filestream");
        }
    }

    @Test
    void levelOfTheLoggerBelowFilestreamDecidesAboutTheFirstLineToo() throws Exception {
        ((Logger) LoggerFactory.getLogger("filestream.chosen")).setLevel(Level.DEBUG);
        String path = before(stage(), "record-download",
                "        - log: {id: chosen, logName: chosen, loggingLevel: DEBUG, message: shown}\n");
        try (LoggedLines log = LoggedLines.ofAll()) {
            download(stage(), path, "a.txt", Api.credentials());

            assertThat(log.texts()).contains("shown");
        }
    }

    @Test
    void messageOfARouteForgesNoLineAndHasABound() throws Exception {
        String path = before(stage(), "record-download", """
                        - log: {id: forge, message: "one\\n2026-01-01T00:00:00Z INFO audit : two\\u001b[2J\\rthree"}
                        - log: {id: flood, message: "flood LONG"}
                """.replace("LONG", "x".repeat(100_000)));
        try (LoggedLines log = LoggedLines.ofAll()) {
            download(stage(), path, "a.txt", Api.credentials());

            assertThat(log.texts()).contains("one\n    2026-01-01T00:00:00Z INFO audit : two\\u001b[2J\n    three");
            assertThat(log.texts()).filteredOn(line -> line.startsWith("flood")).singleElement().asString()
                    .hasSizeLessThan(17_000).endsWith("x...");
        }
    }
}
