package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a page of another site can do with the cookie of a user who is logged in: nothing, even if somebody has edited
 * the policy so that it allows as much as a policy can.
 */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock(Stage.MBEANS)
class JolokiaAccessTest {

    private static final String JOLOKIA = "/actuator/jolokia";
    private static final String THROUGH_HAWTIO = "/actuator/hawtio/jolokia";
    private static final String STOP =
            "/exec/org.apache.camel:context=filestream,type=routes,name=!%22storage-standard!%22/stop()";
    private static final Map<String, String> VERSION = Map.of("type", "version");

    @TempDir
    static Path folder;

    private Stage stage;
    private ConsoleSession operator;

    @BeforeAll
    void start() throws Exception {
        Path policy = folder.resolve("generous.xml");
        Files.writeString(policy, Files.readString(Path.of("config", "jolokia-access.xml"))
                .replace("<command>version</command>",
                        "<command>version</command><command>notification</command>")
                .replace("https://nowhere.invalid", "*"));
        Map<String, Object> settings = new HashMap<>(ConsoleSession.SETTINGS);
        settings.put("filestream.console.policy", policy.toString());
        settings.put("server.forward-headers-strategy", "native");
        stage = new Stage(Stage.Kind.FILESYSTEM, settings);
        operator = ConsoleSession.loggedIn(management());
    }

    @AfterAll
    void stop() {
        stage.close();
    }

    @AfterEach
    void everyRouteRuns() {
        CamelContext camel = stage.service().bean(CamelContext.class);
        assertThat(camel.getRoutes()).allSatisfy(route -> assertThat(
                camel.getRouteController().getRouteStatus(route.getRouteId())).isEqualTo(ServiceStatus.Started));
    }

    private URI management() {
        return stage.service().management().base();
    }

    private String own() {
        return management().toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {JOLOKIA + STOP, THROUGH_HAWTIO + STOP, JOLOKIA + "//exec/a:b=c/d",
        JOLOKIA + "?p=exec/java.lang:type=Memory/gc", JOLOKIA + "/?p=exec/java.lang:type=Memory/gc",
        THROUGH_HAWTIO + "?p=exec/java.lang:type=Memory/gc", JOLOKIA + "/EXEC/java.lang:type=Memory/gc",
        JOLOKIA + "/write/java.lang:type=Memory/Verbose/true", JOLOKIA + "/notification/register",
        JOLOKIA + "/Notification/register", JOLOKIA + "/config", JOLOKIA + "/read/../exec/a:b=c/d",
        JOLOKIA + "/version?callback=steal", JOLOKIA + "/%65xec/java.lang:type=Memory/gc"})
    void linkCanOnlyRead(String path) {
        for (String[] headers : new String[][] {{}, {"Origin", own()}, {"Referer", own() + "/actuator/hawtio/"},
            {"Origin", "http://evil.example.com"}}) {
            HttpResponse<String> answer = operator.get(path, headers);

            assertThat(answer.statusCode()).as(answer.body()).isIn(400, 403);
            assertThat(answer.body()).doesNotContain("\"value\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/version", "/list?maxDepth=1", "/search/java.lang:*", "/read/java.lang:type=Memory", ""})
    void userReadsByGet(String what) {
        assertThat(operator.get(JOLOKIA + what).body()).contains("\"value\"");
        assertThat(operator.get(JOLOKIA + what, "Referer", own() + "/actuator/hawtio/").body()).contains("\"value\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example.com", "https://evil.example.com", "null", "", "file://", "http://",
        "not an origin", "http://localhost", "http://localhost:1", "https://localhost", "http://127.0.0.1",
        "http://localhost.evil.example.com", "http://evil.example.com#localhost", "http://user@evil.example.com"})
    void pageOfAnotherOriginIsRefusedEvenWithTheTokenOfTheSession(String origin) {
        for (String path : List.of(JOLOKIA, THROUGH_HAWTIO)) {
            HttpResponse<String> post = operator.post(path, VERSION, "Origin", origin);
            HttpResponse<String> get = operator.get(path + "/version", "Origin", origin);

            assertThat(List.of(post.statusCode(), get.statusCode())).containsOnly(403);
            assertThat(post.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
            assertThat(get.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
        }
    }

    @Test
    void pageOfAnotherOriginIsRefusedByItsReferer() {
        assertThat(operator.get(JOLOKIA + "/version", "Referer", "http://evil.example.com/x").statusCode())
                .isEqualTo(403);
        assertThat(operator.post(JOLOKIA, VERSION, "Referer", "http://evil.example.com/x").statusCode())
                .isEqualTo(403);
        assertThat(operator.post(JOLOKIA, VERSION, "Referer", own() + "/actuator/hawtio/").statusCode())
                .isEqualTo(200);
    }

    @Test
    void postWithoutAnOriginIsRefused() {
        assertThat(operator.post(JOLOKIA, VERSION).statusCode()).isEqualTo(403);
        assertThat(operator.post(THROUGH_HAWTIO, VERSION).statusCode()).isEqualTo(403);
        assertThat(operator.post(JOLOKIA, VERSION, "Origin", own()).statusCode()).isEqualTo(200);
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
    @ValueSource(strings = {"PUT", "DELETE", "OPTIONS", "PATCH", "HEAD"})
    void jolokiaTakesNoOtherMethods(String method) {
        HttpResponse<String> answer = operator.send(method, JOLOKIA + "/version", "Origin", own(),
                "X-XSRF-TOKEN", operator.cookie("XSRF-TOKEN"), "Access-Control-Request-Method", "POST");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, POST");
        assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
    }

    /** What the browser requested, and what arrives: a proxy that ends TLS may keep Host, or say what it was. */
    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "http://console.example.com, console.example.com, -, -, 200",
        "https://console.example.com, console.example.com, -, -, 200",
        "https://console.example.com, console.example.com, https, -, 200",
        "https://console.example.com:8443, console.example.com:8443, -, -, 200",
        "https://console.example.com, 10.0.0.7:9090, https, console.example.com, 200",
        "https://console.example.com:8443, 10.0.0.7:9090, https, console.example.com:8443, 200",
        "http://[::1]:9090, [::1]:9090, -, -, 200",
        "http://CONSOLE.example.com, console.example.com, -, -, 200",
        "https://console.example.com, 10.0.0.7:9090, https, -, 403",
        "http://console.example.com, console.example.com, https, -, 403",
        "https://console.example.com:8443, console.example.com, -, -, 403",
        "https://evil.example.com, 10.0.0.7:9090, https, console.example.com, 403"})
    void originIsComparedWithTheAddressThatTheBrowserRequested(String origin, String host, String forwardedProto,
            String forwardedHost, int status) throws IOException {
        String forwarded = (forwardedProto == null ? "" : "X-Forwarded-Proto: " + forwardedProto + "\r\n")
                + (forwardedHost == null ? "" : "X-Forwarded-Host: " + forwardedHost + "\r\n"
                        + (forwardedHost.contains(":") ? "X-Forwarded-Port: " + forwardedHost.split(":")[1] + "\r\n"
                        : ""));
        String answer = stage.service().management().raw("POST " + THROUGH_HAWTIO + " HTTP/1.1\r\nHost: " + host
                + "\r\n" + forwarded + "Origin: " + origin + "\r\nX-XSRF-TOKEN: " + operator.cookie("XSRF-TOKEN")
                + "\r\nCookie: XSRF-TOKEN=" + operator.cookie("XSRF-TOKEN") + "; filestream-console="
                + operator.cookie("filestream-console") + "\r\nContent-Type: application/json\r\n"
                + "Content-Length: 18\r\nConnection: close\r\n\r\n{\"type\":\"version\"}");

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        assertThat(answer.contains("\"value\"")).isEqualTo(status == 200);
    }
}
