package org.ccmessaging.filestream.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.support.Chromium;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** An edit of the routes that fails its check, and one that harms customers, as an operator sees them in a browser. */
@Tag("full")
@Tag("browser")
@ResourceLock(Stage.MBEANS)
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.reload.Journal", texts = {"are rejected", "is rolled back"})
@ExpectedErrors.Of(logger = "filestream", texts = "the archive is not here")
class ConsoleEditBrowserTest {

    private static final String STEP = "        - process:\n            id: resolve-key-standard\n";

    private static final String HARM = """
                    - choice:
                        id: archive
                        description: Files of the archive are elsewhere.
                        when:
                          - id: when-archive
                            description: The ID is one of the archive's.
                            steps:
                              - throwException:
                                  id: not-here
                                  description: Fails.
                                  exceptionType: java.lang.IllegalStateException
                                  message: the archive is not here
                            simple:
                              expression: ${variable.request.fileId} == 'hello.txt'
            """;

    @TempDir
    private Path folder;

    private static Locator load(Page page) {
        page.getByText("Load the files").click();
        return page.getByRole(AriaRole.STATUS);
    }

    private static Locator generation(Page page, String state) {
        return page.getByRole(AriaRole.GRID, new Page.GetByRoleOptions().setName("Generations")).locator("tbody tr")
                .filter(new Locator.FilterOptions().setHasText(state));
    }

    private static void open(Page page, Stage stage) {
        page.navigate(stage.service().management().base() + "/actuator/hawtio");
        page.fill("#username", ConsoleSession.USER);
        page.fill("#password", ConsoleSession.PASSWORD);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in")).click();
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Routes").setExact(true)).click();
    }

    @Test
    void rejectionShowsTheWrongLineAndTheCanaryIsWithdrawnBeforeTheOperatorsEyes() throws Exception {
        PlaywrightAssertions.setDefaultAssertionTimeout(90_000);
        OwnRoutes routes = new OwnRoutes(Files.createDirectory(folder.resolve("routes")));
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, ConsoleOfAService.with(Map.of(
                        "filestream.routes.directory", routes.folder().toString(),
                        "filestream.routes.canary", "50%", "filestream.routes.watch", "1h")));
                Chromium chromium = Chromium.start()) {
            stage.put("standard", "hello.txt", Stage.content(100));
            Page page = chromium.browser().newPage(new Browser.NewPageOptions().setViewportSize(1280, 900));
            page.onDialog(Dialog::accept);
            open(page, stage);

            assertThat(page.locator("main h1")).hasText("All is well");
            assertThat(page.getByText("Differences from")).hasCount(0);

            routes.replace("storage-standard", STEP, STEP.replace("process:", "proces:"));
            assertThat(load(page)).containsText("reload: rejected at stage check");
            assertThat(page.locator("main")).containsText("The files in the folder were rejected at stage check");
            assertThat(page.locator("main")).containsText("\n    - proces:");
            assertThat(page.locator("main"))
                    .containsText("A restart without filestream.routes.history fails with these");
            assertThat(page.locator("main h1")).hasText("1 thing needs you");
            Chromium.picture(page, "console-rejected");

            routes.restore();
            assertThat(page.locator("main")).containsText("A former edit was rejected at stage check");
            assertThat(page.locator("main h1")).hasText("All is well");
            routes.replace("storage-standard", STEP, HARM + STEP);
            assertThat(load(page)).containsText("reload: canary");
            assertThat(generation(page, "canary")).containsText("2");
            assertThat(page.getByText("Promote generation 2")).isVisible();
            assertThat(page.locator("main")).containsText("Generation 2 gets 50 % of the sessions.");
            assertThat(page.getByLabel("older generation")).hasValue("1");
            assertThat(page.getByLabel("newer generation")).hasValue("2");
            assertThat(page.locator("main")).containsText("description: Files of the archive are elsewhere.");
            Chromium.picture(page, "console-canary");
            for (int user = 0; user < 60; user++) {
                stage.api().download(request("standard", "hello.txt"), credentials(TestTokens.access().sign(),
                        TestTokens.session().claim("userId", "user-" + user).sign()));
            }

            assertThat(page.locator("main"))
                    .containsText(Pattern.compile("The files in the folder were .* at stage canary"));
            assertThat(page.locator("main")).containsText("gives these files to all sessions");
            assertThat(generation(page, "Roll back to 2, which")).isVisible();
            assertThat(generation(page, "active")).containsText("1");
            Chromium.picture(page, "console-withdrawn");
        }
    }
}
