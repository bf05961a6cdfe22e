package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Outcomes.BUSINESS_FAILURE;
import static org.ccmessaging.filestream.support.Outcomes.DOWNLOAD_FAILED;
import static org.ccmessaging.filestream.support.Outcomes.UNAUTHORIZED;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.http.base.HttpHeaderFilterStrategy;
import org.apache.commons.codec.digest.DigestUtils;
import org.ccmessaging.filestream.routes.check.RouteFiles;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.Outcomes;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.ccmessaging.filestream.toolkit.RoutesChanged;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.util.StringUtils;
import org.yaml.snakeyaml.Yaml;

/**
 * The responses to a customer after an honest mistake in a route of the download (decision 0018): the own file or a
 * failure, and never another tenant's file, or part of a file with code 0. The log never has a credential. The routes
 * are loaded as an edit is, without the check, which refuses many of them.
 */
@Tag("service")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream", texts = "")
@ExpectedErrors.Of(logger = "filestream", texts = "")
@ExpectedErrors.Of(logger = "org.apache.camel", texts = "")
class MistakesOfAColleagueTest {

    private static final String EDITED = "download-file-stream";
    private static final String SECRET = "secret-of-the-app";
    private static final String APP = "{\"app_key\":\"demo-app\",\"app_secret\":\"" + SECRET + "\"}";
    private static final String SESSION =
            "{\"userId\":\"u\",\"userName\":\"U\",\"channelId\":\"web-1\",\"locale\":\"en\"}";
    private static final String ACCESS_TOKEN = TestTokens.access().sign();
    private static final String SESSION_TOKEN = TestTokens.session().expiring(800).sign();
    private static final String FILE_IN_MEMORY = "org.ccmessaging.filestream.response.ReadFirstChunk.file";
    private static final Map<String, byte[]> FILES = Map.of("a.txt", Stage.content(1_000),
            "large.bin", Stage.content(200_000), "kept.txt", Stage.content(9_000), "kept.bin", Stage.content(300_000));

    /** Response with the code of a broken read, and with part of a file or none. */
    private static final String BROKEN = "BROKEN";

    private static final List<Stage> STAGES = new ArrayList<>();
    private static final Queue<String> TOLD = new ConcurrentLinkedQueue<>();
    private static final FaultyServer CALLED = new FaultyServer();

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        byte[] verdict = "{\"clean\":true}".getBytes(StandardCharsets.UTF_8);
        CALLED.putAt("b", verdict, turn -> {
            tell(turn);
            turn.right();
        });
        CALLED.putAt("half", verdict, turn -> {
            tell(turn);
            turn.rightHead();
            turn.endAfter(5);
        });
        Map<String, Object> settings = Map.of("filestream.auth.apps.demo-app.secret", "{noop}" + SECRET,
                "filestream.s3.read-timeout", "10s");
        STAGES.addAll(List.of(new Stage(Stage.Kind.FILESYSTEM, settings), Stage.breakable(settings)));
        for (Stage stage : STAGES) {
            FILES.forEach((name, content) -> stage.put("standard", name, content));
            stage.putAt("standard", "other/a.txt", Stage.CANARY.getBytes(StandardCharsets.UTF_8));
            stage.service().bean(CamelContext.class).getRegistry().bind("reading", (Processor) exchange ->
                    ((StoredObject) exchange.getMessage().getBody()).fill(new byte[10]));
        }
    }

    private static void tell(FaultyServer.Turn turn) {
        Stream.of("Host", "x-app-key", "Authorization", "ccmessaging-token")
                .forEach(name -> turn.headers(name).forEach(value -> TOLD.add(name + ": " + value)));
    }

    @AfterAll
    static void stop() {
        STAGES.forEach(Stage::close);
        CALLED.close();
    }

    /** The step in a route file, in block or in flow style, with its indentation. */
    private static Matcher step(String id, String yaml) {
        Matcher step = Pattern.compile("(?m)^( *)- \\w+:(?: \\{|\\n\\1    )id: " + id
                + "(?=[\\n,}]).*\\n(?:\\1  .*\\n)*").matcher(yaml);
        assertThat(step.find()).as(id).isTrue();
        return step;
    }

    private static String edited(String yaml, Map<String, String> edit) {
        String result = yaml;
        String moved = "";
        if (edit.containsKey("text")) {
            assertThat(result).contains(edit.get("text"));
            result = result.replace(edit.get("text"), edit.get("by"));
        }
        if (edit.containsKey("without")) {
            Matcher step = step(edit.get("without"), result);
            moved = step.group();
            result = step.replaceFirst("");
        }
        if (edit.containsKey("at")) {
            Matcher step = step(edit.get("at"), result);
            String indent = step.group(1);
            result = step.replaceFirst(Matcher.quoteReplacement(edit.get("steps").indent(indent.length())
                    .replace(indent + "STEP\n", step.group()).replace(indent + "MOVED\n", moved)));
        }
        return result;
    }

    private static String shipped(String file) throws IOException {
        return Files.readString(OwnRoutes.SHIPPED.resolve(file + ".camel.yaml"));
    }

    /** A copy of a route on a path of its own. */
    private static String copy(String yaml, String path) {
        return yaml.replaceAll("\\bid: ([\\w-]+)", "id: $1-copy")
                .replaceFirst("platform-http:\\S+", "platform-http:" + path);
    }

    /** Replaces all routes of a service, as an edit does. */
    private void load(Stage stage, Map<String, String> edit) throws Exception {
        OwnRoutes routes = new OwnRoutes(folder.resolve("routes"));
        String file = edit.getOrDefault("file", EDITED);
        String added = edit.getOrDefault("routes", "");
        Map<String, String> texts = Map.of(file, edited(shipped(file), edit), "added", added.isEmpty() ? "[]" : added);
        for (Map.Entry<String, String> text : texts.entrySet()) {
            routes.add(text.getKey(), text.getValue().replace("SERVER", CALLED.endpoint().toString())
                    .replace("ROOT", stage.root().toString()));
        }
        stage.service().bean(RouteLoader.class).load(RouteFiles.read(routes.folder()));
        ((Service.InProcess) stage.service()).context().publishEvent(
                new RoutesChanged(stage.service().bean(CamelContext.class), true));
    }

    private static Answer download(Stage stage, String path, String name, String... headers) {
        byte[] request = Api.request("standard", name).getBytes(StandardCharsets.UTF_8);
        return new Api(stage.api().base()).post(path, request, headers);
    }

    private static Answer download(Stage stage, String name) {
        return download(stage, Api.DOWNLOAD, name, Api.credentials(ACCESS_TOKEN, SESSION_TOKEN));
    }

    private static Answer downloadOfOther(Stage stage) {
        return download(stage, Api.DOWNLOAD, "a.txt", Api.credentials(TestTokens.session().claim("tenantId", "other")));
    }

    private static void assertNoCredential(LoggedLines log, String... more) {
        String[] secrets =
                StringUtils.concatenateStringArrays(new String[] {ACCESS_TOKEN, SESSION_TOKEN, SECRET}, more);
        assertThat(log.list()).allSatisfy(line -> assertThat(complete(line)).doesNotContain(secrets));
    }

    private static String complete(ILoggingEvent line) {
        return line.getFormattedMessage() + line.getKeyValuePairs() + line.getMDCPropertyMap()
                + (line.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(line.getThrowableProxy()));
    }

    static Stream<Arguments> edits() throws IOException {
        List<Map<String, String>> edits =
                new Yaml().load(Files.readString(Path.of("src/test/resources/route-edits/mistakes.yaml")));
        return edits.stream().map(edit -> Arguments.of(edit.get("edit"), edit));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("edits")
    void customerGetsTheOwnFileOrAFailure(String name, Map<String, String> edit) throws Exception {
        for (Stage stage : STAGES) {
            if (stage.toString().equals(edit.getOrDefault("storage", stage.toString()))) {
                load(stage, edit);
                TOLD.clear();
                try (LoggedLines log = LoggedLines.ofAll()) {
                    for (String file : List.of(edit.getOrDefault("asks", "a.txt,large.bin").split(","))) {
                        assertAnswer(stage, edit, file);
                    }
                    if (edit.containsKey("logs")) {
                        await().untilAsserted(() -> assertThat(log.texts()).anyMatch(
                                line -> line.endsWith(edit.get("logs"))));
                    }
                    assertNoCredential(log);
                }
                assertThat(TOLD).allMatch(header -> header.startsWith("Host"))
                        .hasSize(edit.getOrDefault("steps", "").contains("SERVER") ? 2 : 0);
            }
        }
    }

    private static void assertAnswer(Stage stage, Map<String, String> edit, String file) {
        String[] sent = edit.containsKey("sends") ? edit.get("sends").split("=") : new String[0];
        String gets = edit.getOrDefault(stage.toString(), edit.getOrDefault("gets", "OWN"));
        String expected = file.equals("large.bin") ? edit.getOrDefault("large", gets) : gets;

        Answer answer = download(stage, edit.getOrDefault("path", Api.DOWNLOAD), file, StringUtils
                .concatenateStringArrays(Api.credentials(ACCESS_TOKEN, SESSION_TOKEN), sent));

        String text = answer.text().endsWith(Outcomes.BROKEN_TAIL) ? BROKEN : brief(answer.text());
        assertThat(text).as("%s of %s", file, stage).isEqualTo(outcome(expected, file));
        int status = text.startsWith("{\"errorCode\"") ? answer.json().get("errorCode").asInt() : 200;
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headerNames()).doesNotContainAnyElementsOf(List.of("x-tenant", "x-file", "x-app-key"));
    }

    private static String outcome(String name, String file) {
        return name.equals("OWN") ? brief(Outcomes.success(FILES.get(file)))
                : name.startsWith("as ") ? brief(Outcomes.success(FILES.get(name.substring(3))))
                : name.matches("[A-Z_]{7,}") ? (String) ReflectionTestUtils.getField(Outcomes.class, name) : name;
    }

    /** Identifies a text whose differences nobody could read. */
    private static String brief(String text) {
        return text.equals(Outcomes.READ_BROKEN) ? BROKEN : text.length() < 400 ? text : text.substring(0, 40) + "..."
                + DigestUtils.sha256Hex(text) + text.substring(text.length() - 40);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "setHeader: {name: resultCode, constant: '0'}           | {\"resultCode\":\"13\"}",
        "throwException: {exceptionType: java.lang.Exception}   | {\"resultCode\":\"13\"}"})
    void brokenReadIsNoSuccessWhateverItsClauseSays(String step, String outcome) throws Exception {
        Stage stage = STAGES.get(1);
        load(stage, Map.of("file", "result-codes", "at", "tell-read-broken", "steps", "- " + step + "\n"));
        stage.link().breakForGood(150_000, FaultyServer.Fault.RESET);
        try {
            Answer answer = download(stage, "large.bin");

            assertThat(answer.text()).startsWith(Outcomes.FILE_HEAD).endsWith("\"," + outcome.substring(1));
            assertThat(FILES.get("large.bin")).startsWith(answer.file()).hasSizeGreaterThan(answer.file().length);
        } finally {
            stage.link().heal();
        }
    }

    @Test
    void identityOfAnotherRequestCountsForNobody() throws Exception {
        for (Stage stage : STAGES) {
            load(stage, Map.of("at", "admit", "steps", """
                    - setVariable:
                        name: global:kept
                        simple: "${exchangeProperty[org.ccmessaging.filestream.auth.Identity]}"
                    STEP
                    """));
            assertThat(download(stage, "a.txt").file()).isEqualTo(FILES.get("a.txt"));
            load(stage, Map.of("at", "authenticate", "steps", """
                    - setProperty: {name: org.ccmessaging.filestream.auth.Identity, simple: "${variable.global:kept}"}
                    """));

            assertThat(download(stage, Api.DOWNLOAD, "a.txt").text()).isEqualTo(UNAUTHORIZED);
        }
    }

    /**
     * A route keeps what a step left, and meanwhile a second one serves it to a request of another tenant, in place of
     * what that step left there.
     */
    @ParameterizedTest
    @CsvSource({"to-choose-storage, kept.txt", "to-choose-storage, kept.bin", "encode, kept.txt", "encode, kept.bin",
        "respond, kept.txt", "respond, kept.bin"})
    void openedFileAndResponseOfAnotherRequestAreServedToNobody(String step, String name) throws Exception {
        for (Stage stage : STAGES) {
            AtomicReference<Answer> taken = new AtomicReference<>();
            stage.service().bean(CamelContext.class).getRegistry().bind("other", (Processor) exchange ->
                    taken.set(downloadOfOther(stage)));
            String keeper = copy(edited(shipped(EDITED), Map.of("at", step, "steps", """
                    STEP
                    - setVariable: {name: global:body, simple: "${body}"}
                    - setVariable: {name: global:file, simple: "${exchangeProperty[FILE]}"}
                    - setVariable: {name: global:inMemory, simple: "${variable.inMemory}"}
                    - process: {ref: other}
                    """.replace("FILE", FILE_IN_MEMORY))), "/mistakes/keeper");
            load(stage, Map.of("routes", keeper, "at", step, "steps", """
                    STEP
                    - setBody: {simple: "${variable.global:body}"}
                    - setProperty: {name: FILE, simple: "${variable.global:file}"}
                    - setVariable: {name: inMemory, simple: "${variable.global:inMemory}"}
                    """.replace("FILE", FILE_IN_MEMORY)));

            Answer kept = download(stage, "/mistakes/keeper", name, Api.credentials());

            assertThat(kept.file()).isEqualTo(FILES.get(name));
            assertThat(taken.get().text()).isIn(UNAUTHORIZED, BUSINESS_FAILURE, DOWNLOAD_FAILED);
        }
    }

    /** The aggregate's own exchange is neither of the two requests. */
    @Test
    void aggregateOfTwoTenantsServesNeitherTheFileOfTheOther() throws Exception {
        for (Stage stage : STAGES) {
            load(stage, Map.of("at", "read-first-chunk", "steps", """
                    - aggregate:
                        correlationExpression: {constant: all}
                        completionSize: "2"
                        aggregationStrategy: "#class:org.apache.camel.processor.aggregate.UseLatestAggregationStrategy"
                        steps:
                          - doTry:
                              steps:
                                - process: {ref: readFirstChunk}
                                - log: {message: aggregate has read a file}
                              doCatch:
                                - exception: [java.lang.Exception]
                                  steps: [{log: {message: "aggregate was refused: ${exception.message}"}}]
                    """));
            try (LoggedLines log = LoggedLines.ofAll()) {
                CompletableFuture<Answer> other = CompletableFuture.supplyAsync(() -> downloadOfOther(stage));

                assertThat(download(stage, "a.txt").text()).isEqualTo(DOWNLOAD_FAILED);
                assertThat(other.join().text()).isEqualTo(DOWNLOAD_FAILED);
                await().untilAsserted(() -> assertThat(log.texts()).contains(
                        "aggregate was refused: the body is a file that another request opened"));
            }
        }
    }

    /** Steps that log all that a step can read. */
    private static final String LOOK = """
                    - to: {uri: "log:seen?showAll=true&showStreams=true&maxChars=1000000"}
                    - log:
                        logName: seen
                        message: >-
                          ${headers} ${variables} ${body} ${bodyAs(String)} ${exchange} ${exchange.allProperties}
                          ${messageAs(String)} ${header.Authorization} ${header.x-app-key} ${header.ccmessaging-token}
                          ${variable.request} ${variable.customer}
                          ${exchangeProperty[org.ccmessaging.filestream.auth.ClientRequest]}
            """;

    /** The route with these steps before each of its outer steps and after the last. */
    private static String looking(String yaml) {
        return yaml.replaceAll("(?m)^        - (?=\\w+:(?: \\{|\n            )id:)",
                Matcher.quoteReplacement(LOOK) + "$0") + LOOK;
    }

    /** The store's answer leaves headers with bucket, key and metadata, which step remove-s3-headers removes. */
    @Test
    void noStepOfTheDownloadSeesACredentialOrAHeaderOfTheStore() throws Exception {
        Stage stage = STAGES.get(1);
        String allHeaders = "headerFilterStrategy: '#class:" + HttpHeaderFilterStrategy.class.getName() + "'";
        load(stage, Map.of("text", shipped(EDITED), "by",
                looking(shipped(EDITED)).replace("Restrict: POST", "Restrict: POST, " + allHeaders)));
        try (LoggedLines log = LoggedLines.ofAll()) {
            Answer answer = download(stage, Api.DOWNLOAD, "a.txt", StringUtils.concatenateStringArrays(
                    Api.credentials(ACCESS_TOKEN, SESSION_TOKEN), new String[] {"Cookie", "a=secret-of-a-cookie",
                        "Proxy-Authorization", "secret-of-a-proxy"}));

            assertThat(answer.file()).isEqualTo(FILES.get("a.txt"));
            assertThat(answer.header("ccmessaging-token")).isNotBlank();
            assertSeen(log, 6, answer.header("ccmessaging-token"), "CamelAwsS3", "secret-of-a-cookie",
                    "secret-of-a-proxy");
        }
    }

    /** Loads the routes of tokens with an edit of each. */
    private void loadTokens(Stage stage, UnaryOperator<String> edit) throws Exception {
        String shipped = shipped("tokens");
        load(stage, Map.of("file", "tokens", "text", shipped, "by",
                Arrays.stream(shipped.split("(?m)^(?=- route:)")).map(edit).collect(Collectors.joining())));
    }

    private static String token(Stage stage, String operation, String body, String name) {
        return stage.api().post(operation, body.getBytes(StandardCharsets.UTF_8), "x-app-key", "demo-app",
                "Authorization", "Bearer " + ACCESS_TOKEN).json().get(name).asText();
    }

    @Test
    void noStepOfATokenRouteSeesASecretOrATokenAndBothTokensServeADownload() throws Exception {
        Stage stage = STAGES.get(0);
        loadTokens(stage, MistakesOfAColleagueTest::looking);
        try (LoggedLines log = LoggedLines.ofAll()) {
            String access = token(stage, Api.TOKEN_BY_AK_SK, APP, "AccessToken");
            assertSeen(log, 6, access);
            String session = token(stage, Api.APPLY_TOKEN, SESSION, "token");
            assertSeen(log, 12, access, session);
            assertThat(download(stage, Api.DOWNLOAD, "a.txt", Api.credentials(access, session)).file())
                    .isEqualTo(FILES.get("a.txt"));
        }
    }

    private static void assertSeen(LoggedLines log, int lines, String... secrets) {
        assertThat(log.list()).filteredOn(line -> line.getLoggerName().endsWith("seen"))
                .hasSizeGreaterThanOrEqualTo(lines);
        assertNoCredential(log, secrets);
    }

    @Test
    void sessionTokenNamesTheUserOfTheRequestAndNotOneOfARoute() throws Exception {
        Stage stage = STAGES.get(0);
        loadTokens(stage, route -> route.replaceFirst("(?m)^(?=        - process:)", "        - setBody: {constant: '"
                + SESSION.replace("\"u\"", "\"else\"") + "'}\n"));

        assertThat(SignedJWT.parse(token(stage, Api.APPLY_TOKEN, SESSION, "token")).getJWTClaimsSet().getSubject())
                .isEqualTo("u");
    }
}
