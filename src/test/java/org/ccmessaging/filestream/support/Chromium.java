package org.ccmessaging.filestream.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.springframework.core.io.ClassPathResource;

/** A real browser. Tests that need it are skipped without one, unless {@code BROWSER_REQUIRED} is set. */
public record Chromium(Playwright playwright, Browser browser) implements AutoCloseable {

    /** Debian's, or the one that {@code CHROMIUM} names. Playwright would have to download its own. */
    private static Path installed() {
        String named = System.getenv("CHROMIUM");
        return Stream.of(named == null ? "/usr/bin/chromium" : named, "/usr/bin/chromium-browser",
                        "/usr/bin/google-chrome")
                .map(Path::of).filter(Files::isExecutable).findFirst().orElse(null);
    }

    public static Chromium start() {
        Path installed = installed();
        if (System.getenv("BROWSER_REQUIRED") == null) {
            Assumptions.assumeTrue(installed != null, "No browser: install chromium, or name one in CHROMIUM");
        }
        assertThat(installed).as("BROWSER_REQUIRED is set, but there is no chromium").isNotNull();
        Playwright playwright = Playwright.create(new Playwright.CreateOptions()
                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        return new Chromium(playwright, playwright.chromium().launch(new BrowserType.LaunchOptions()
                .setExecutablePath(installed)
                // As root, as in containers, Chromium's sandbox does not start. It sees nothing but our own pages.
                .setArgs(List.of("--no-sandbox"))));
    }

    /** The function in a file of {@code web-client/}, for a page. */
    public static String script(String name) {
        try {
            return new ClassPathResource("web-client/" + name + ".js").getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException absent) {
            throw new UncheckedIOException(absent);
        }
    }

    /** Saves a picture of a page for the documents, if property {@code screenshots} names a folder for it. */
    public static void picture(Page page, String name) {
        String folder = System.getProperty("screenshots");
        if (folder != null) {
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(folder, name + ".png")));
        }
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
