package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Security headers and cookies of the console's pages. */
class ConsoleHeadersTest extends ConsoleOfAService {

    @Override
    Stage open() throws Exception {
        return new Stage(Stage.Kind.FILESYSTEM, with(Map.of("server.forward-headers-strategy", "native")));
    }

    private static void assertProtected(HttpResponse<String> page) {
        assertThat(page.headers().allValues("Content-Security-Policy")).singleElement().asString()
                .startsWith("default-src 'none'; ")
                .contains("frame-ancestors 'none'", "form-action 'self'", "base-uri ")
                .doesNotContain("unsafe-eval", "script-src 'self' 'unsafe-inline'", "*", "http");
        assertThat(page.headers().allValues("X-Frame-Options")).containsExactly("DENY");
        assertThat(page.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(page.headers().allValues("Referrer-Policy")).containsExactly("same-origin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/login", "/login?error", "/login?logout", "/default-ui.css", "/actuator/hawtio/"})
    void pageOfAStrangerMayLoadNoScript(String path) {
        HttpResponse<String> page = new ConsoleSession(management(), false).get(path);

        assertProtected(page);
        if (!path.startsWith("/actuator")) {
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow()).doesNotContain("script-src");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/hawtio/", "/actuator/hawtio/index.html", "/actuator/hawtio/camel/routes",
        "/actuator/hawtio/hawtconfig.json", "/actuator/hawtio/user", "/actuator/routes", "/actuator/sbom"})
    void pageOfTheConsoleLoadsNothingFromElsewhere(String path) {
        HttpResponse<String> page = loggedIn().get(path);

        assertThat(page.statusCode()).isEqualTo(200);
        assertProtected(page);
    }

    private static List<String> cookies(HttpResponse<String> answer) {
        return answer.headers().allValues("Set-Cookie").stream().filter(cookie -> !cookie.contains("Max-Age=0"))
                .toList();
    }

    @Test
    void cookiesStayWithTheConsoleAndScriptsReadTheOneOfTheTokenAlone() {
        List<String> cookies = cookies(new ConsoleSession(management(), false)
                .logIn(ConsoleSession.USER, ConsoleSession.PASSWORD));

        assertThat(cookies).filteredOn(cookie -> cookie.startsWith("filestream-console=")).singleElement().asString()
                .contains("HttpOnly", "SameSite=Strict").doesNotContain("Secure");
        assertThat(cookies).filteredOn(cookie -> cookie.startsWith("XSRF-TOKEN=")).singleElement().asString()
                .contains("SameSite=Strict").doesNotContain("HttpOnly", "Secure");
        assertThat(cookies).hasSize(2);
    }

    @Test
    void cookiesStayOnTlsWhereTheConsoleIsServedByTls() {
        assertThat(cookies(new ConsoleSession(management(), false)
                .logIn(ConsoleSession.USER, ConsoleSession.PASSWORD, "X-Forwarded-Proto", "https"))).hasSize(2)
                .allSatisfy(cookie -> assertThat(cookie).contains("Secure", "SameSite=Strict"));
    }
}
