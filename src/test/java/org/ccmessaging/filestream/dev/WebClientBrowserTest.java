package org.ccmessaging.filestream.dev;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.net.Socket;
import java.net.URI;
import java.security.MessageDigest;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Chromium;
import org.ccmessaging.filestream.support.Escaped;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * {@code docs/client/filestream.js} in a real browser, on the page of development mode and by itself. The page has
 * another origin than the API. With {@code -Dscreenshots=docs/images} it renews the picture of docs/web-clients.md.
 */
@Tag("full")
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock(Stage.MBEANS)
class WebClientBrowserTest {

    private static final String LARGE_FILE = "large.zip";
    private static final int LARGE_FILE_SIZE = 50_000_000;
    private static final String LARGER_FILE = "larger.zip";

    @AutoClose
    private Chromium chromium;
    @AutoClose
    private ConfigurableApplicationContext development;
    private URI api;
    private Page page;

    /** What the browser refused because of the Content-Security-Policy, and errors of scripts. */
    private final List<String> violations = new CopyOnWriteArrayList<>();

    @BeforeAll
    void start() throws Exception {
        chromium = Chromium.start();
        development = DevApplication.start("--server.port=0", "--management.server.port=0",
                "--filestream.download.max-in-flight-per-session=2", "--filestream.download.file-url=presigned",
                "--filestream.download.file-url-only-above=" + LARGE_FILE_SIZE + "B",
                // No probe and no circuit meets the fault that is for a download.
                "--filestream.health.probe-interval=10m", "--filestream.s3.circuit-open-time=0s");
        api = URI.create("http://localhost:" + development.getEnvironment().getProperty("local.server.port"));
        put(LARGE_FILE, Stage.content(LARGE_FILE_SIZE));
        put(LARGER_FILE, Stage.content(LARGE_FILE_SIZE + 1));
        put("empty.txt", new byte[0]);
    }

    private void put(String name, byte[] content) {
        development.getBean(EmbeddedS3.class).put("standard", SampleFiles.TENANT + "/" + name, content);
    }

    @BeforeEach
    void openPage() {
        violations.clear();
        open(new Browser.NewPageOptions());
    }

    private void open(Browser.NewPageOptions options) {
        page = chromium.browser().newPage(options.setViewportSize(1200, 860));
        page.setDefaultTimeout(90_000);
        page.onConsoleMessage(message -> {
            if (message.text().contains("Content Security Policy")) {
                violations.add(message.text());
            }
        });
        page.onPageError(violations::add);
        page.navigate(development.getBean(DevPage.class).origin() + "/");
    }

    @AfterEach
    void closePage() {
        page.close();
        assertThat(violations).isEmpty();
    }

    private void click(String name) {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name)).first().click();
    }

    /** The address of the store for the service and for the browser. */
    private URI store() {
        return development.getBean(FaultyServer.class).endpoint();
    }

    private Locator viewer() {
        return page.locator("#viewer");
    }

    private static Map<String, String> tokens(TestTokens access, TestTokens session) {
        return Map.of("appKey", TestTokens.APP_KEY, "accessToken", access.sign(DevApplication.SIGNING_KEY),
                "sessionToken", session.sign(DevApplication.SIGNING_KEY));
    }

    private static Map<String, String> tokens() {
        return tokens(TestTokens.access(), TestTokens.session());
    }

    /** @param more {@code renewed} tokens, {@code multiMedia}, or another {@code url} */
    @SuppressWarnings("unchecked") // The script returns an object.
    private Map<String, Object> download(String fileId, Map<String, String> tokens, Map<String, Object> more) {
        Map<String, Object> arguments = new HashMap<>(Map.of("url", api.toString(), "tokens", tokens, "fileId", fileId,
                "fileType", fileId.substring(fileId.indexOf('.') + 1)));
        arguments.putAll(more);
        return (Map<String, Object>) page.evaluate(Chromium.script("download"), arguments);
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> read(int chunk, Map<String, Object> options, Object... responses) {
        Map<String, Object> arguments = new HashMap<>(options);
        arguments.put("responses", List.of(responses));
        arguments.put("chunk", chunk);
        return (Map<String, Object>) page.evaluate(Chromium.script("read"), arguments);
    }

    private static Object response(int status, Map<String, String> headers, String body) {
        return List.of(status, headers, body);
    }

    private void assertDownloaded(String name, int size) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(Stage.content(size));

        assertThat(download(name, tokens(), Map.of())).containsEntry("size", size)
                .containsEntry("type", "application/zip").containsEntry("sha256", HexFormat.of().formatHex(hash));
    }

    @ParameterizedTest
    @CsvSource({
        "circle.png,                img,    naturalWidth, 128",
        "landscape.png Large,       img,    naturalWidth, 960",
        "'landscape.png, one break', img,   naturalWidth, 960",
        "chime.mp3,                 audio,  readyState,   4",
        "film.mp4,                  video,  videoWidth,   320"})
    void clickShowsPictureSoundOrFilm(String name, String element, String property, int value) {
        click(name);

        assertThat(viewer().locator(element)).hasJSProperty(property, value);
        assertThat(page.locator("#response")).containsText("\"resultCode\":\"0\"}");
    }

    @Test
    void clickShowsText() {
        click("hello.txt");

        assertThat(viewer()).hasText("Hello from your agent.");
        assertThat(page.locator("#response"))
                .containsText("{\"fileStream\":\"SGVsbG8gZnJvbSB5b3VyIGFnZW50Lgo=\",\"resultCode\":\"0\"}");
        assertThat(page.locator("#response")).containsText("resultcode: 0");
    }

    @Test
    void clickShowsDocumentAndTheLinkToIt() {
        click("welcome.pdf");

        assertThat(viewer().locator("object[type='application/pdf']")).hasAttribute("data", Pattern.compile("^blob:"));
        assertThat(page.locator("#status")).containsText("application/pdf");
        assertThat(page.locator("#response")).containsText("\"fileUrl\":\"" + store());
    }

    @Test
    void storeThatBreaksOffShowsTheFailureAndNoPartOfThePicture() {
        click("landscape.png, no store");

        assertThat(viewer()).containsText("downloadFileStream IOException");
        assertThat(viewer().locator("img")).hasCount(0);
        // The response had started as a success; its end tells.
        assertThat(page.locator("#response")).containsText("HTTP 200");
        assertThat(page.locator("#response")).containsText("\"resultCode\":\"13\"");
        Chromium.picture(page, "web-client");
    }

    @Test
    void busyServiceIsAskedAgainAfterTheSecondsOfRetryAfter() throws Exception {
        Map<String, String> tokens = tokens();
        String[] sameSession = Api.credentials(tokens.get("accessToken"), tokens.get("sessionToken"));
        String body = Api.request(LARGE_FILE, "zip", null);
        Api port = new Api(api);
        try (Socket reader = port.slowReader(body, sameSession); Socket another = port.slowReader(body, sameSession)) {
            assertThat(reader.getInputStream().readNBytes(12)).asString().endsWith("200");
            assertThat(another.getInputStream().readNBytes(12)).asString().endsWith("200");
            click("hello.txt");
            assertThat(page.locator("#response")).containsText("HTTP 429");
            assertThat(page.locator("#response")).containsText("retry-after: ");
        }

        assertThat(viewer()).hasText("Hello from your agent.");
    }

    @Test
    void fileOf50MegabytesArrivesByteForByte() throws Exception {
        assertDownloaded(LARGE_FILE, LARGE_FILE_SIZE);
    }

    @Test
    void fileThatIsOnlyALinkArrivesFromTheStoreByteForByteWithoutAPreflight() throws Exception {
        List<String> requests = new CopyOnWriteArrayList<>();
        page.onRequest(request -> requests.add(request.method() + " " + request.url().replaceAll("[?].*", "")));

        assertDownloaded(LARGER_FILE, LARGE_FILE_SIZE + 1);

        assertThat(requests).filteredOn(request -> !request.matches(".*(/apiaccess/.*|[.]js)"))
                .containsExactly("GET " + store() + "/standard/demo/" + LARGER_FILE);
    }

    @Test
    void connectionThatBreaksGivesTheErrorAndNoFile() throws Exception {
        page.close();
        // The policy of the page names the address of the service, not that of the link to it.
        open(new Browser.NewPageOptions().setBypassCSP(true));
        try (FaultyServer link = new FaultyServer(api)) {
            link.breakAfter(1_000_000, FaultyServer.Fault.CLOSE);

            Map<String, Object> outcome = download(LARGE_FILE, tokens(),
                    Map.of("url", link.endpoint().toString()));

            assertThat(outcome).containsEntry("name", "FileStreamError").containsEntry("code", "network")
                    .containsEntry("status", 200).doesNotContainKey("size");
            assertThat(outcome.get("requestId").toString()).startsWith("web-");
        }
    }

    @Test
    void expiredTokensAreRenewedOnce() {
        Map<String, String> expired = tokens(TestTokens.access().expiring(-100), TestTokens.session().expiring(-100));

        assertThat(download("welcome.pdf", expired, Map.of("renewed", tokens())))
                .containsEntry("type", "application/pdf").containsEntry("renewals", 1);
        assertThat(download("welcome.pdf", expired, Map.of("renewed", expired)))
                .containsEntry("code", "401").containsEntry("status", 401).containsEntry("renewals", 1);
        assertThat(download("welcome.pdf", expired, Map.of()))
                .containsEntry("code", "401").containsEntry("status", 401).containsEntry("renewals", 0)
                .extractingByKey("text").asString().startsWith("Unauthorized operation. 1. Check ");
    }

    @Test
    void downloadsWithTheSameExpiredTokensShareOneRenewal() {
        assertThat(page.evaluate(Chromium.script("shared-renewal"))).isEqualTo(List.of(1, 1, 1));
    }

    @Test
    void sessionTokenThatTheServiceRenewsReplacesTheOldOne() {
        Map<String, String> nearItsEnd = tokens(TestTokens.access(), TestTokens.session().expiring(100));

        assertThat(download("welcome.pdf", nearItsEnd, Map.of()).get("sessionToken").toString())
                .isNotEqualTo(nearItsEnd.get("sessionToken")).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
    }

    @Test
    void pageOfAListedOriginFetchesBothTokensAndDownloadsAFile() {
        assertThat(page.evaluate(Chromium.script("whole-way"), Map.of("base", api.toString(),
                "tokenByAkSk", Api.TOKEN_BY_AK_SK, "applyToken", Api.APPLY_TOKEN, "download", Api.DOWNLOAD)))
                .isEqualTo(Map.of("code", "0", "id", "from-a-page", "inBody", "0"));
    }

    /**
     * Also of requests without a preflight, to which the service responds. The browser keeps the response. The page has
     * the same server, under another name of this host.
     */
    @Test
    void pageOfAnOriginThatIsNotListedSeesNothing() {
        page.navigate(development.getBean(DevPage.class).origin().replace("127.0.0.1", "localhost") + "/");

        for (String init : List.of("{}", "{method: 'POST', body: '{}'}",
                "{method: 'POST', body: '{}', headers: {'x-app-key': 'demo-app'}}")) {
            assertThat(page.evaluate("url => fetch(url, " + init + ").then(seen => seen.status, failed => failed.name)",
                    api + Api.DOWNLOAD)).isEqualTo("TypeError");
        }
    }

    @Test
    void fileInChunksOfAnyLengthIsDecoded() {
        Map.of("", "", "a", "YQ==", "ab", "YWI=", "abc", "YWJj", "Hello?>", "SGVsbG8/Pg==").forEach((text, base64) -> {
            for (int chunk : new int[] {1, 2, 3, 7, 1000}) {
                assertThat(read(chunk, Map.of(), response(200, Map.of("resultCode", "0"),
                        "{\"more\":[\"fileStream\",{\"fileStream\":\"\\\"\"}],\n \"fileStream\" : \"" + base64
                                + "\" , \"resultCode\" : \"0\"}"))).containsEntry("file", text);
            }
        });
    }

    @Test
    void responseThatEndsAnywhereBeforeItsEndGivesNoFile() {
        String body = "{\"fileStream\":\"SGVsbG8gZnJvbSB5b3VyIGFnZW50Lgo=\",\"resultCode\":\"0\"}";

        assertThat(page.evaluate(Chromium.script("cut-anywhere"), body))
                .isEqualTo(List.of(body.length() + " Hello from your agent.\n"));
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/web-client/malformed.txt", delimiter = '|', quoteCharacter = '`')
    void malformedResponseGivesNoFile(String body) {
        assertThat(read(5, Map.of(), response(200, Map.of(), Escaped.text(body).replace('\'', '"'))))
                .containsEntry("code", "incomplete").doesNotContainKey("file");
    }

    @Test
    void outcomeAfterTheFileAndInTheHeaderMustBothBeASuccess() {
        String broken = "{\"fileStream\":\"YQ=\",\"resultCode\":\"13\",\"resultDesc\":\"the read broke\"}";

        assertThat(read(9, Map.of(), response(200, Map.of(), broken)))
                .containsEntry("code", "13").containsEntry("text", "the read broke");
        assertThat(read(9, Map.of(), response(200, Map.of("resultCode", "13"),
                "{\"fileStream\":\"YQ==\",\"resultCode\":\"0\"}"))).containsEntry("code", "13");
    }

    @Test
    void busyServiceIsAskedAgainABoundedNumberOfTimes() {
        Object busy = response(503, Map.of("Retry-After", "0"), "{\"errorCode\":\"503\",\"exceptionInfo\":\"busy\"}");
        Object atItsLimit = response(429, Map.of("Retry-After", "0"), "");
        Object busyForLong = response(503, Map.of("Retry-After", "31"), "<html>busy</html>");
        Object busyUntil = response(503, Map.of("Retry-After", DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(3600))), "");
        Object busyNoMore = response(503, Map.of("Retry-After", "Fri, 27 Nov 2026 08:00:00 GMT"), "");

        assertThat(read(9, Map.of(), busy, atItsLimit, busy).get("requests"))
                .asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(3);
        assertThat(read(9, Map.of("attempts", 1), busy)).containsEntry("code", "503").containsEntry("text", "busy")
                .containsEntry("retryAfter", 0);
        assertThat(read(9, Map.of(), busyForLong)).containsEntry("code", "503").containsEntry("retryAfter", 31);
        assertThat((Integer) read(9, Map.of(), busyUntil).get("retryAfter")).isBetween(3590, 3600);
        assertThat(read(9, Map.of(), busyNoMore, response(200, Map.of(),
                "{\"fileStream\":\"YQ==\",\"resultCode\":\"0\"}"))).containsEntry("file", "a");
    }

    @Test
    void linkIsFollowedWithoutCredentialsWhereTheResponseHasNoFile() {
        Object link = response(200, Map.of("resultCode", "0"),
                "{\"fileUrl\":\"https://store.example.com/x\",\"resultCode\":\"0\"}");

        assertThat(read(9, Map.of(), link, response(200, Map.of("Content-Length", "5"), "hello")))
                .containsEntry("file", "hello").containsEntry("requests", List.of(
                        "https://files.example.com/apiaccess/ccmessaging/downloadFileStream with credentials",
                        "https://store.example.com/x"));
        assertThat(read(9, Map.of(), link, response(200, Map.of("Content-Length", "6"), "hello")))
                .containsEntry("code", "incomplete");
        assertThat(read(9, Map.of(), link, response(200, Map.of(), "hello"))).containsEntry("code", "incomplete");
        assertThat(read(9, Map.of(), link, response(403, Map.of(), "<Error/>"))).containsEntry("code", "link");
    }

    @ParameterizedTest
    @CsvSource({"missing.pdf,, 13, fsservice downloadFile is failed", "empty.txt,, 13, empty file!",
        "unknown.png, multiMedia, 401, objectKey is null!", "a.exe,, 13, param filetype Out of range!"})
    void failureInsideAResponseWithStatus200HasItsCodeAndText(String fileId, String multiMedia, String code,
            String text) {
        Map<String, Object> more = multiMedia == null ? Map.of() : Map.of("multiMedia", multiMedia);

        assertThat(download(fileId, tokens(), more)).containsEntry("code", code).containsEntry("text", text)
                .containsEntry("status", 200);
    }

    @Test
    void pageLearnsHowManyBytesHaveArrived() {
        assertThat(page.evaluate(Chromium.script("progress"), Map.of("url", api.toString(), "tokens", tokens())))
                .isEqualTo(List.of(true, true, true));
    }

    /** The client waits for a busy service. */
    @ParameterizedTest
    @CsvSource({"at once", "while it arrives", "while tokens are renewed", "while it waits"})
    void callerEndsADownload(String when) {
        assertThat(page.evaluate(Chromium.script("ended-by-its-caller"),
                Map.of("url", api.toString(), "tokens", tokens(), "when", when))).isEqualTo("the reader has gone");
    }
}
