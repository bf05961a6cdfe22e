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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The console in a real browser, as an operator uses it. With {@code -Dscreenshots=docs/images} it renews the pictures
 * of docs/console.md.
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
    void openWindow() {
        page = chromium.browser().newPage(new Browser.NewPageOptions().setViewportSize(1280, 900));
        page.setDefaultTimeout(PATIENCE_MS);
        faults.clear();
        page.onConsoleMessage(message -> {
            if (List.of("error", "warning").contains(message.type())) {
                faults.add(message.text() + " " + message.location());
            }
        });
        page.navigate(stage.service().management().base() + "/actuator/hawtio");
    }

    @AfterEach
    void closeWindow() {
        page.close();
        assertThat(faults).isEmpty();
    }

    private void logIn(String password) {
        page.fill("#username", ConsoleSession.USER);
        page.fill("#password", password);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in")).click();
    }

    /** Opens a node of the tree at the left, and one of its tabs. */
    private void open(String node, String tab) {
        if (page.locator(".pf-v6-c-tree-view").count() == 0) {
            page.locator(".pf-v6-c-nav").getByText("Camel", new Locator.GetByTextOptions().setExact(true)).click();
        }
        page.locator(".pf-v6-c-tree-view__node-text").getByText(node, new Locator.GetByTextOptions().setExact(true))
                .first().click();
        // Hawtio shows the node, then goes to a tab of its own choice: a click before that would be in vain.
        assertThat(page.locator("main").getByRole(AriaRole.HEADING,
                new Locator.GetByRoleOptions().setName(node).setExact(true).setLevel(1))).isVisible();
        assertThat(page).hasURL(Pattern.compile(".*/hawtio/(camel|jmx)/\\w+.*"));
        page.locator("main nav").getByText(tab, new Locator.GetByTextOptions().setExact(true)).first().click();
    }

    private Locator row(String route) {
        return page.locator("#camel-routes-table tbody tr").filter(new Locator.FilterOptions()
                .setHas(page.getByText(route, new Page.GetByTextOptions().setExact(true))));
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
    void loginPageSaysThatThePasswordIsWrong() {
        logIn("wrong");

        assertThat(page.getByText(Pattern.compile("(Bad|Invalid) credentials"))).isVisible();
        assertThat(page).hasURL(Pattern.compile("/login\\?error$"));
    }

    /** The page cannot send requests to the API, so that a login would end nowhere. */
    @Test
    void interfaceDescriptionFitsAPhoneAndOffersNoLogin() {
        page.setViewportSize(390, 844);
        page.navigate(stage.service().management().base() + "/actuator/openapi");
        assertThat(page.locator(".opblock-summary-control").first()).isVisible();
        page.locator(".opblock-summary-control").all().forEach(Locator::click);
        assertThat(page.locator(".opblock-body .responses-table").first()).isVisible();

        assertThat(page.locator(".authorize, .authorization__btn, .try-out")).hasCount(0);
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    }

    @Test
    void userLogsInSeesTheRoutesAndLogsOut() {
        assertThat(page.locator("#username")).isVisible();

        logIn(ConsoleSession.PASSWORD);
        open("routes", "Routes");

        assertThat(page).hasTitle("ccmessaging-filestream");
        for (String route : List.of("download-file-stream", "storage-local", "storage-multimedia-library",
                "storage-standard", "read-filesystem")) {
            assertThat(row(route)).containsText("Started");
        }
        assertThat(page.getByText("Error Occurred")).not().isVisible();
        Chromium.picture(page, "console-routes");

        page.locator("header").getByText(ConsoleSession.USER).click();
        page.getByText("Log out").click();

        assertThat(page.getByText("You have been signed out")).isVisible();
        page.navigate(stage.service().management().base() + "/actuator/hawtio/");
        assertThat(page).hasURL(Pattern.compile("/login$"));
        // Hawtio polls once more.
        faults.removeIf(fault -> fault.contains("401") && fault.contains("/jolokia/"));
    }

    @Test
    void diagramShowsTheCountsOfThreeDownloadsJustMade() {
        // Hawtio makes a diagram no smaller than half its size.
        page.setViewportSize(1400, 1500);
        logIn(ConsoleSession.PASSWORD);
        open("download-file-stream", "Route Diagram");
        assertThat(count("authenticate")).isVisible();
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

    @Test
    void stepsOfTheDiagramAreLabelledWithTheirIdsAndDescribed() {
        logIn(ConsoleSession.PASSWORD);
        open("storage-multimedia-library", "Route Diagram");

        assertThat(page.locator(".camel-node-label").getByText("look-up")).isVisible();
        assertThat(page.locator(".camel-node-label").getByText("no-object-key")).isVisible();
        assertThat(page.getByText("ref:")).hasCount(0);
    }

    @Test
    void consoleShowsTheSourceOfARouteWithoutTheClausesOfAllRoutes() {
        logIn(ConsoleSession.PASSWORD);
        open("storage-multimedia-library", "Source");

        Locator source = page.locator("#camel-source-editor");
        assertThat(source).containsText("storage-multimedia-library");
        Chromium.picture(page, "console-source");
        // The editor holds the lines that can be seen, and no others.
        page.setViewportSize(1_400, 3_000);
        assertThat(source).containsText("doCatch");
        assertThat(source).containsText("no-object-key");
        assertThat(source).not().containsText("onException");
    }

    private void tab(String name) {
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName(name).setExact(true)).click();
    }

    private Locator tableRow(String table, String text) {
        return page.getByRole(AriaRole.GRID, new Page.GetByRoleOptions().setName(table)).locator("tbody tr")
                .filter(new Locator.FilterOptions().setHasText(text));
    }

    @Test
    void loginLandsOnThePageThatSaysWhetherAllIsWell() {
        download("standard");
        logIn(ConsoleSession.PASSWORD);

        assertThat(page).hasURL(Pattern.compile(".*/hawtio/files$"));
        assertThat(tableRow("State", "Storage of standard")).containsText("fine");
        assertThat(tableRow("State", "In flight")).containsText("permits");
        assertThat(page.getByRole(AriaRole.IMG, new Page.GetByRoleOptions()
                .setName(Pattern.compile("Downloads of the last 15 minutes")))).isVisible();
        assertThat(bottom(page.locator("[aria-label=State] tbody tr").last())).isLessThan(900);
        Chromium.picture(page, "console-files");
        page.evaluate("document.documentElement.classList.add('pf-v6-theme-dark')");
        Chromium.picture(page, "console-files-dark");
    }

    private static double bottom(Locator element) {
        return element.boundingBox().y + element.boundingBox().height;
    }

    @ParameterizedTest
    @ValueSource(ints = {390, 800})
    void rowsOfANarrowPageAreCardsAndNothingOverlaps(int width) {
        page.setViewportSize(width, 860);
        logIn(ConsoleSession.PASSWORD);

        Locator details = tableRow("State", "Memory").locator("[data-label=Details]");
        assertThat(details).isVisible();
        assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);
        BoundingBox title = page.locator("#hawtio-header h1").boundingBox();
        assertThat(title.x + title.width)
                .isLessThan(page.locator("#hawtio-header-toolbar button").first().boundingBox().x);
        if (width == 390) {
            assertThat(details.evaluate("cell => getComputedStyle(cell, '::before').content")).isEqualTo("\"Details\"");
        }
    }

    @Test
    void linkOfARowOpensTheSectionThatHelps() {
        logIn(ConsoleSession.PASSWORD);
        tableRow("State", "Storage of local").getByRole(AriaRole.LINK).click();

        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("FilestreamStorageDown");
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("The storage of this branch did not respond");
        assertThat(page.getByRole(AriaRole.DIALOG)).not().containsText("FilestreamServerErrors");
    }

    @Test
    void clockOfTheBrowserDoesNotMatter() {
        page.addInitScript("const real = Date.now; Date.now = () => real() + 1_200_000");
        logIn(ConsoleSession.PASSWORD);

        assertThat(tableRow("State", "Memory")).isVisible();
    }

    @Test
    void stateThatIsNotRenewedSaysSo() {
        logIn(ConsoleSession.PASSWORD);
        assertThat(tableRow("State", "Memory")).isVisible();
        page.route("**/actuator/files?*", Route::abort);

        assertThat(heading()).hasText("No news from the service");
        assertThat(page.locator("main")).containsText(Pattern.compile("The state below is that of 20\\S+Z"));
        page.unroute("**/actuator/files?*");
        assertThat(heading()).not().hasText("No news from the service");
        faults.clear();
    }

    private Locator heading() {
        return page.locator("main h1");
    }

    private Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** Tab, arrows and Enter alone lead from the menu to a reload of the routes. */
    @Test
    void pageIsUsedByKeyboard() {
        logIn(ConsoleSession.PASSWORD);
        assertThat(tableRow("State", "Memory")).isVisible();
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Now").setExact(true)).focus();
        // A tab list of PatternFly has each tab in the order of the keyboard.
        page.keyboard().press("Tab");
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        assertThat(page.locator("main")).containsText("by start");
        for (int i = 0; i < 10 && !"Load the files".equals(page.evaluate("document.activeElement.textContent")); i++) {
            page.keyboard().press("Tab");
        }
        page.onceDialog(Dialog::accept);
        page.keyboard().press("Enter");
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("Load the files: unchanged");
        assertThat(button("Load the files")).isEnabled();
    }

    @Test
    void storeThatIsGoneIsBrokenAndFineAgainWhenItIsBack() throws Exception {
        logIn(ConsoleSession.PASSWORD);
        assertThat(tableRow("State", "Storage of local")).containsText("fine");
        Path folder = stage.root().resolve("local");
        Path away = Files.move(folder, stage.root().resolve("away"));

        assertThat(tableRow("State", "Storage of local")).containsText("broken");
        assertThat(tableRow("State", "Storage of local")).containsText("no readable folder");
        assertThat(heading()).hasText(Pattern.compile("\\d things? needs? you"));
        assertThat(page.locator("[aria-label=State] tbody tr").first()).containsText("broken");
        Chromium.picture(page, "console-files-broken");

        Files.move(away, folder);
        assertThat(tableRow("State", "Storage of local")).containsText("fine");
    }

    @Test
    void failuresAreListedWithTheirStepsWhichLeadToTheDiagram() {
        stage.api().download(request("standard", "contract-2026.pdf"));
        stage.api().download(request("multimedia-library", "1179725658739559425"));
        stage.api().download("{\"fileId\":\"local/hello.txt\",\"channel\":\"WEB\"");
        stage.api().download(request("local", "hello.txt"), credentials("not-a-token", "not-a-token"));
        downloads += 4;
        refused += 2;
        logIn(ConsoleSession.PASSWORD);
        tab("Failures");

        assertThat(tableRow("Last failures", "contract-2026.pdf").first()).containsText("not-found");
        assertThat(tableRow("Last failures", "parse-request").first()).containsText("400");
        assertThat(tableRow("Failures by cause", "credentials")).containsText("401");
        Chromium.picture(page, "console-failures");
        page.getByText("refused credentials").click();
        assertThat(tableRow("Last failures", "authenticate").first()).isVisible();

        page.getByText("authenticate").first().click();
        assertThat(count("authenticate")).isVisible();
    }

    @Test
    void downloadInFlightIsOnThePageOfTheExchanges() throws Exception {
        stage.put("standard", "large.bin", Stage.content(Stage.MAX_FILE_SIZE));
        logIn(ConsoleSession.PASSWORD);
        downloads++;
        try (Socket reader = stage.api().slowReader(request("standard", "large.bin"))) {
            assertThat(reader.getInputStream().readNBytes(12)).asString().endsWith("200");
            open("filestream", "Exchanges");

            assertThat(page.locator("[data-testid=exchange-table] tbody tr")).hasCount(1);
            assertThat(page.getByText("has not been enabled")).not().isVisible();
            Chromium.picture(page, "console-exchanges");
        }
    }

    @Test
    void stoppedBranchRefusesDownloadsAndServesThemAgainWhenStarted() {
        logIn(ConsoleSession.PASSWORD);
        open("routes", "Routes");
        row("storage-standard").locator("input[type=checkbox]").check();
        toolbar("Stop").click();

        assertThat(row("storage-standard")).containsText("Stopped");
        Chromium.picture(page, "console-stopped");
        Answer refused = download("standard");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(download("local").file()).isEqualTo(Stage.content(100));

        toolbar("Start").click();

        assertThat(row("storage-standard")).containsText("Started");
        assertThat(download("standard").file()).isEqualTo(Stage.content(100));
    }

    @Test
    void operationsAndAttributesOfARouteAreShownAndWork() {
        logIn(ConsoleSession.PASSWORD);
        open("storage-local", "Operations");
        page.locator("button[aria-labelledby='operation dumpRouteAsYaml() ex-toggle1']").click();
        Locator operation = page.locator("[id='operation-execute-dumpRouteAsYaml()']");
        operation.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Execute")).click();

        assertThat(page.locator("main")).containsText("object-key-local");

        open("storage-local", "Attributes");
        assertThat(page.getByText("ExchangesTotal", new Page.GetByTextOptions().setExact(true)).first()).isVisible();
        open("storage-local", "Chart");
        assertThat(page.getByText("Error Occurred")).not().isVisible();
    }

    @Test
    void aboutSaysInShortHowToUseTheConsole() {
        logIn(ConsoleSession.PASSWORD);
        page.locator("#hawtio-header-toolbar button").first().click();
        page.getByText("About", new Page.GetByTextOptions().setExact(true)).click();

        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("ccmessaging-filestream");
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("To take a branch out of service");
    }

    private Locator toolbar(String button) {
        return page.locator("#camel-routes-toolbar").getByRole(AriaRole.BUTTON,
                new Locator.GetByRoleOptions().setName(button).setExact(true));
    }
}
