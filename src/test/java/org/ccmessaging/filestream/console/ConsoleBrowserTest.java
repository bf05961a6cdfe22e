package org.ccmessaging.filestream.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Chromium;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The console in a real browser, as an operator uses it. With {@code -Dscreenshots=docs/images} it renews the pictures
 * of docs/operation.md.
 */
@Tag("full")
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Isolated("counts that others' downloads would change, and MBeans are the JVM's")
class ConsoleBrowserTest {

    private static final int PATIENCE_MS = 90_000;

    @AutoClose
    private Stage stage;
    @AutoClose
    private Chromium chromium;
    private Page page;
    private int downloads;
    /** Those of the downloads that no route of the author sees. */
    private int refused;

    /** Errors and warnings in the browser's console: refused requests, scripts and styles, and faults of scripts. */
    private final List<String> faults = new CopyOnWriteArrayList<>();

    @BeforeAll
    void start() throws Exception {
        // The console renews its lists every 10 s.
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
        chromium = Chromium.start();
        stage = new Stage(Stage.Kind.FILESYSTEM,
                ConsoleOfAService.with(Map.of("filestream.health.probe-interval", "1s")));
        for (String branch : Stage.BRANCHES) {
            stage.put(branch, "hello.txt", Stage.content(100));
        }
    }

    @BeforeEach
    void openWindowAndLogIn() {
        page = chromium.browser().newPage(new Browser.NewPageOptions().setViewportSize(1280, 900));
        page.setDefaultTimeout(PATIENCE_MS);
        faults.clear();
        page.onConsoleMessage(message -> {
            if (List.of("error", "warning").contains(message.type())) {
                faults.add(message.text() + " " + message.location());
            }
        });
        page.navigate(stage.service().management().base() + "/actuator/hawtio");
        page.fill("#username", ConsoleSession.USER);
        page.fill("#password", ConsoleSession.PASSWORD);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in")).click();
    }

    @AfterEach
    void closeWindow() {
        page.close();
        assertThat(faults).isEmpty();
    }

    private Locator within(String place, String text) {
        return page.locator(place).getByText(text, new Locator.GetByTextOptions().setExact(true)).first();
    }

    private void open(String node, String tab) {
        within(".pf-v6-c-nav", "Camel").click();
        within(".pf-v6-c-tree-view__node-text", node).click();
        // Hawtio shows the node, then goes to a tab of its own choice: a click before that would be in vain.
        assertThat(page.locator("main").getByRole(AriaRole.HEADING,
                new Locator.GetByRoleOptions().setName(node).setExact(true).setLevel(1))).isVisible();
        assertThat(page).hasURL(Pattern.compile(".*/hawtio/(camel|jmx)/\\w+.*"));
        within("main nav", tab).click();
    }

    private Locator count(String step) {
        return page.locator(".camel-node-content").filter(new Locator.FilterOptions()
                .setHas(page.getByText("(ID: " + step + ")", new Page.GetByTextOptions().setExact(true))))
                .locator(".number");
    }

    private Answer download(String branch) {
        downloads++;
        return stage.api().download(request(branch, "hello.txt"));
    }

    @Test
    void diagramShowsTheCountsOfThreeDownloadsJustMade() {
        // Hawtio makes a diagram no smaller than half its size.
        page.setViewportSize(1400, 1500);
        open("download-file-stream", "Route Diagram");
        // The diagram shows zeros until it has the counts.
        assertThat(count("authenticate")).hasText(String.valueOf(downloads));
        assertThat(count("to-choose-storage")).hasText(String.valueOf(downloads - refused));

        int before = downloads;
        download("local");
        download("standard");
        download("multimedia-library");

        assertThat(count("authenticate")).hasText(String.valueOf(before + 3));
        assertThat(count("respond")).hasText(Pattern.compile("[1-9]\\d*"));
        assertThat(count("to-choose-storage")).hasText(String.valueOf(before - refused + 3));
        assertThat(page.getByText("Error Occurred")).not().isVisible();
        Chromium.picture(page, "console-diagram");
    }

    private Locator tableRow(String table, String text) {
        return page.getByRole(AriaRole.GRID, new Page.GetByRoleOptions().setName(table)).locator("tbody tr")
                .filter(new Locator.FilterOptions().setHasText(text));
    }

    @Test
    void loginLandsOnThePageThatShowsTheStateOfEachPartAndLoadsTheRoutes() {
        assertThat(page).hasURL(Pattern.compile(".*/hawtio/files$"));
        assertThat(heading()).hasText("OK");
        assertThat(tableRow("State", "storages / standard")).containsText("OK");
        assertThat(tableRow("State", "routes")).containsText("by start");

        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Load the files").setExact(true)).focus();
        page.onceDialog(Dialog::accept);
        page.keyboard().press("Enter");
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("Load the files: unchanged");
    }

    @Test
    void rowsOfANarrowPageAreCardsAndNothingOverlaps() {
        page.setViewportSize(390, 860);
        Locator details = tableRow("State", "api").locator("[data-label=Details]");
        assertThat(details).isVisible();
        assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);
        BoundingBox title = page.locator("#hawtio-header h1").boundingBox();
        assertThat(title.x + title.width)
                .isLessThan(page.locator("#hawtio-header-toolbar button").first().boundingBox().x);
        assertThat(details.evaluate("cell => getComputedStyle(cell, '::before').content")).isEqualTo("\"Details\"");
        assertThat(page.getByText("Last failures").boundingBox().y)
                .isLessThan(page.locator("[aria-label=State]").boundingBox().y);
    }

    @Test
    void stateThatIsNotRenewedSaysSo() {
        assertThat(heading()).hasText("OK");
        page.route("**/actuator/files", Route::abort);

        assertThat(heading()).hasText("No state from the service");
        assertThat(page.locator("main")).containsText(Pattern.compile("The state below is that of 20\\S+Z"));
        page.unroute("**/actuator/files");
        assertThat(heading()).hasText("OK");
        faults.clear();
    }

    private Locator heading() {
        return page.locator("main h1");
    }

    @Test
    void storeThatIsGoneIsCriticalAndItsFailuresAreARowAndItIsOkAgainWhenItIsBack() throws Exception {
        assertThat(tableRow("State", "storages / local")).containsText("OK");
        Path folder = stage.root().resolve("local");
        Path away = Files.move(folder, stage.root().resolve("away"));

        assertThat(heading()).hasText("Critical");
        assertThat(tableRow("Problems", "storages / local")).containsText("no readable folder");
        download("local");
        assertThat(tableRow("Last failures", download("local").header("X-Request-Id"))
                .locator("[data-label=Count]")).hasText("2");
        assertThat(page.getByText("failed (2)")).isVisible();
        Chromium.picture(page, "console-files-critical");

        Files.move(away, folder);
        assertThat(heading()).hasText("OK");
    }

    @Test
    void failuresAreListedByTheirEnding() {
        Answer missing = stage.api().download(request("standard", "contract-2026.pdf"));
        stage.api().download(request("local", "hello.txt"), credentials("not-a-token", "not-a-token"));
        downloads += 2;
        refused += 1;
        page.getByText(Pattern.compile("refused request \\(")).click();

        assertThat(tableRow("Last failures", "contract-2026.pdf").first()).containsText(missing.header("X-Request-Id"));
        page.getByText(Pattern.compile("invalid credentials \\(")).click();
        assertThat(tableRow("Last failures", "credentials").first()).containsText("401");
    }

    @Test
    void downloadInFlightIsOnThePageOfTheExchanges() throws Exception {
        stage.put("standard", "large.bin", Stage.content(Stage.MAX_FILE_SIZE));
        downloads++;
        try (Socket reader = stage.api().slowReader(request("standard", "large.bin"))) {
            assertThat(reader.getInputStream().readNBytes(12)).asString().endsWith("200");
            open("filestream", "Exchanges");

            assertThat(page.locator("[data-testid=exchange-table] tbody tr")).hasCount(1);
            assertThat(page.getByText("has not been enabled")).not().isVisible();
        }
    }

    @Test
    void stoppedBranchRefusesDownloadsAndServesThemAgainWhenStarted() {
        open("routes", "Routes");
        Locator row = page.locator("#camel-routes-table tbody tr").filter(new Locator.FilterOptions()
                .setHas(page.getByText("storage-standard", new Page.GetByTextOptions().setExact(true))));
        row.locator("input[type=checkbox]").check();
        within("#camel-routes-toolbar", "Stop").click();

        assertThat(row).containsText("Stopped");
        assertThat(download("standard").status()).isEqualTo(503);

        within("#camel-routes-toolbar", "Start").click();

        assertThat(row).containsText("Started");
        assertThat(download("standard").file()).isEqualTo(Stage.content(100));
    }
}
