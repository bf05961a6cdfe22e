package org.ccmessaging.filestream.dev;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.net.URI;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ccmessaging.filestream.support.Chromium;
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
import org.springframework.context.ConfigurableApplicationContext;

/** {@code docs/client/filestream.js} in a real browser with links to files, which it reads from a real S3 server. */
@Tag("full")
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock(Stage.MBEANS)
class WebClientLinkBrowserTest {

    private static final String LARGE_FILE = "large.zip";
    private static final int LARGE_FILE_SIZE = 50_000_000;

    private static final String DOWNLOAD = Chromium.script("download-by-link");

    @AutoClose
    private Chromium chromium;
    @AutoClose
    private ConfigurableApplicationContext development;
    private URI api;
    private byte[] large;
    private Page page;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    @BeforeAll
    void start() throws Exception {
        chromium = Chromium.start();
        development = DevApplication.start("--server.port=0", "--management.server.port=0",
                "--filestream.download.file-url=presigned", "--filestream.download.file-url-only-above=100KB");
        api = URI.create("http://localhost:" + development.getEnvironment().getProperty("local.server.port"));
        large = Stage.content(LARGE_FILE_SIZE);
        development.getBean(EmbeddedS3.class).put("standard", SampleFiles.TENANT + "/" + LARGE_FILE, large);
    }

    @BeforeEach
    void openPage() {
        page = chromium.browser().newPage();
        page.setDefaultTimeout(90_000);
        page.navigate(development.getBean(DevPage.class).origin() + "/");
        page.onRequest(request -> requests.add(request.method() + " " + request.url().replaceAll("[?].*", "")));
        requests.clear();
    }

    @AfterEach
    void closePage() {
        page.close();
    }

    /** Between the store and its clients: the service and the browser. */
    private FaultyServer link() {
        return development.getBean(FaultyServer.class);
    }

    @SuppressWarnings("unchecked") // The script returns an object.
    private Map<String, Object> download(String fileId) {
        Map<String, String> file = Map.of("fileId", fileId, "fileType", fileId.substring(fileId.indexOf('.') + 1));
        return (Map<String, Object>) page.evaluate(DOWNLOAD, Map.of("url", api.toString(), "file", file, "tokens",
                Map.of("appKey", TestTokens.APP_KEY,
                        "accessToken", TestTokens.access().sign(DevApplication.SIGNING_KEY),
                        "sessionToken", TestTokens.session().sign(DevApplication.SIGNING_KEY))));
    }

    @Test
    void fileAboveTheLimitComesFromTheStoreByteForByte() throws Exception {
        assertThat(download(LARGE_FILE)).containsEntry("size", LARGE_FILE_SIZE).containsEntry("type", "application/zip")
                .containsEntry("sha256", HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(large)));
        // A preflight would be another one.
        assertThat(requests).endsWith("GET " + link().endpoint() + "/standard/demo/" + LARGE_FILE)
                .filteredOn(request -> !request.contains("/apiaccess/")).filteredOn(request -> !request.contains(".js"))
                .hasSize(1);
    }

    @Test
    void pageOfDevelopmentModeShowsAPictureFromTheStore() {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("landscape.png Large")).click();

        assertThat(page.locator("#viewer img")).hasJSProperty("naturalWidth", 960);
        assertThat(page.locator("#response")).containsText("{\"fileUrl\":\"" + link().endpoint());
    }
}
