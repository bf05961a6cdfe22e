package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A page of another site can do nothing with the session of a logged-in user, even if an operator edits the policy so
 * that it allows as much as a policy can.
 */
class OtherPagesTest extends ConsoleOfAService {

    private static final String JOLOKIA = "/actuator/jolokia";
    private static final String THROUGH_HAWTIO = "/actuator/hawtio/jolokia";
    private static final String STOP =
            "/exec/org.apache.camel:context=filestream,type=routes,name=!%22storage-standard!%22/stop()";
    private static final Map<String, String> VERSION = Map.of("type", "version");

    @TempDir
    static Path folder;

    @Override
    Stage open() throws Exception {
        Path policy = folder.resolve("generous.xml");
        Files.writeString(policy, Files.readString(Path.of("config", "jolokia-access.xml"))
                .replace("<command>version</command>", "<command>version</command><command>notification</command>")
                .replace("<method>post</method>", "<method>post</method><method>get</method>")
                .replace("https://nowhere.invalid", "*"));
        return new Stage(Stage.Kind.FILESYSTEM, with(Map.of("filestream.console.policy", policy.toString(),
                "server.forward-headers-strategy", "native")));
    }

    @AfterEach
    void everyRouteRuns() {
        CamelContext camel = stage.service().bean(CamelContext.class);
        assertThat(camel.getRoutes()).allSatisfy(route -> assertThat(
                camel.getRouteController().getRouteStatus(route.getRouteId())).isEqualTo(ServiceStatus.Started));
    }

    private String own() {
        return management().toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {JOLOKIA + STOP, THROUGH_HAWTIO + STOP, JOLOKIA + "//exec/a:b=c/d",
        JOLOKIA + "?p=exec/java.lang:type=Memory/gc", JOLOKIA + "/?p=exec/java.lang:type=Memory/gc",
        JOLOKIA + "/EXEC/java.lang:type=Memory/gc", JOLOKIA + "/write/java.lang:type=Memory/Verbose/true",
        JOLOKIA + "/notification/register", JOLOKIA + "/read/../exec/a:b=c/d", JOLOKIA + "/version",
        THROUGH_HAWTIO + "/version", JOLOKIA, JOLOKIA + "/version?callback=steal",
        JOLOKIA + "/%65xec/java.lang:type=Memory/gc", JOLOKIA + ConsoleAccessTest.FLIGHT_RECORDING,
        THROUGH_HAWTIO + ConsoleAccessTest.FLIGHT_RECORDING})
    void linkDoesNothing(String path) {
        for (String[] headers : new String[][] {{}, {"Origin", own()}, {"Referer", own() + "/actuator/hawtio/"},
            {"Origin", "http://evil.example.com"}}) {
            HttpResponse<String> answer = operator.get(path, headers);

            assertThat(answer.statusCode()).as(answer.body()).isIn(400, 403);
            assertThat(answer.body()).doesNotContain("\"value\"");
        }
    }

    /** A page of another port of this host reads the cookie of the token, and sends forms with the session's cookie. */
    @ParameterizedTest
    @ValueSource(strings = {JOLOKIA, THROUGH_HAWTIO, "/actuator/routes"})
    void tokenIsTakenFromTheHeaderAloneAndNoPreflightIsAllowed(String path) {
        assertThat(operator.form(path, operator.cookie("XSRF-TOKEN")).statusCode()).isEqualTo(403);
        for (ConsoleSession sender : List.of(operator, new ConsoleSession(management(), false))) {
            HttpResponse<String> answer = sender.send("OPTIONS", path, "Origin", "http://localhost:1",
                    "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "x-xsrf-token");

            assertThat(answer.statusCode()).isIn(401, 403);
            assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
        }
    }

    @Test
    void postWithoutTheTokenOfTheSessionIsRefused() {
        assertThat(operator.jolokia(VERSION, "forged").statusCode()).isEqualTo(403);
        assertThat(operator.jolokia(VERSION, "").statusCode()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"notification", "NOTIFICATION"})
    void notificationIsRefusedAloneAndAmongOthers(String type) {
        Map<String, String> request = Map.of("type", type, "command", "register");

        assertThat(operator.jolokia(request).body()).contains("\"status\":403").doesNotContain("\"value\"");
        assertThat(operator.json(operator.post(JOLOKIA, List.of(VERSION, request), "Origin", own()))
                .findValues("status")).extracting(status -> status.asInt()).containsExactly(200, 403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH", "HEAD"})
    void jolokiaTakesNoOtherMethods(String method) {
        assertThat(operator.send(method, JOLOKIA + "/version", "Origin", own(), "X-XSRF-TOKEN",
                operator.cookie("XSRF-TOKEN")).statusCode()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/login", "/login?error", "/default-ui.css", "/actuator/hawtio/",
        "/actuator/hawtio/index.html", "/actuator/hawtio/camel/routes", "/actuator/routes", "/actuator/openapi"})
    void pageLoadsNothingFromElsewhereAndIsInNoFrame(String path) {
        for (ConsoleSession session : List.of(operator, new ConsoleSession(management(), false))) {
            HttpResponse<String> page = session.get(path);

            assertThat(page.headers().allValues("Content-Security-Policy")).singleElement().asString()
                    .startsWith("default-src 'none'; ")
                    .contains("frame-ancestors 'none'", "form-action 'self'", "base-uri ")
                    .doesNotContain("unsafe-eval", "script-src 'self' 'unsafe-inline'", "*", "http");
            assertThat(page.headers().allValues("X-Frame-Options")).containsExactly("DENY");
            assertThat(page.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
            assertThat(page.headers().allValues("Referrer-Policy")).containsExactly("same-origin");
        }
    }

    private List<String> cookiesOfALogin(String... headers) {
        return new ConsoleSession(management(), false).logIn(ConsoleSession.USER, ConsoleSession.PASSWORD, headers)
                .headers().allValues("Set-Cookie").stream().filter(cookie -> !cookie.contains("=; ")).toList();
    }

    @Test
    void cookiesStayWithTheConsoleAndScriptsReadTheOneOfTheTokenAlone() {
        assertThat(cookiesOfALogin()).hasSize(2)
                .allSatisfy(cookie -> assertThat(cookie).contains("SameSite=Strict").doesNotContain("Secure"))
                .filteredOn(cookie -> !cookie.contains("HttpOnly")).singleElement().asString()
                .startsWith("XSRF-TOKEN=");
        assertThat(cookiesOfALogin("X-Forwarded-Proto", "https")).hasSize(2)
                .allSatisfy(cookie -> assertThat(cookie).contains("Secure", "SameSite=Strict"));
    }
}
