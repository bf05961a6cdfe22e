package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.apache.catalina.Context;
import org.apache.catalina.Manager;
import org.ccmessaging.filestream.support.AuditLines;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/** Login to the console through an OpenID Connect provider, beside the password. */
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.console", texts = "cannot start")
@ExpectedErrors.Of(logger = "audit", texts = "brake on guessing started")
class ConsoleOidcTest extends ConsoleOfAService {

    private static final String STAFF = "staff";
    private static final String START = "/oauth2/authorization/staff";
    private static final String BACK = "/login/oauth2/code/staff";

    @AutoClose("shutdown")
    private final MockOAuth2Server provider = new MockOAuth2Server();
    private int port;

    /** Keeps the session manager of the management port, whose application context is a child of the service's. */
    static class ManagementPort implements ApplicationListener<WebServerInitializedEvent> {

        private Manager manager;

        @Override
        public void onApplicationEvent(WebServerInitializedEvent started) {
            if ("management".equals(started.getApplicationContext().getServerNamespace())) {
                TomcatWebServer tomcat = (TomcatWebServer) started.getWebServer();
                manager = ((Context) tomcat.getTomcat().getHost().findChildren()[0]).getManager();
            }
        }
    }

    private static Map<String, Object> provider(String issuer) {
        String client = "spring.security.oauth2.client.";
        return Map.of(client + "provider.staff.issuer-uri", issuer, client + "registration.staff.client-id",
                "filestream", client + "registration.staff.client-secret", "client-secret-for-tests",
                client + "registration.staff.scope", "openid,profile");
    }

    @Override
    Stage open() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        return new Stage(
                Stage.Kind.FILESYSTEM, with(provider("http://localhost:" + port + "/" + STAFF)), ManagementPort.class);
    }

    @BeforeAll
    void serviceStartsWithoutItsProvider() throws Exception {
        assertThat(get(START).statusCode()).isEqualTo(500);
        assertThat(operator.get("/actuator/hawtio/user").body()).isEqualTo("\"admin\"");

        provider.start(InetAddress.getByName("localhost"), port);
    }

    private HttpResponse<String> get(String path) {
        return new ConsoleSession(management(), false).get(path);
    }

    private void nextLoginHas(Map<String, Object> claims) {
        provider.enqueueCallback(
                new DefaultOAuth2TokenCallback(STAFF, "subject-1", "JWT", List.of("filestream"), claims, 600));
    }

    private int sessions() {
        return stage.service().bean(ManagementPort.class).manager.getActiveSessions();
    }

    @Test
    void loginThatStartsLeadsToTheProviderAndLeavesACookieAndNoSession() {
        assertThat(get("/login").body()).contains("href=\"" + START + "\"", "name=\"password\"");
        HttpResponse<String> start = get(START);

        assertThat(start.headers().firstValue("Location").orElseThrow())
                .startsWith(provider.authorizationEndpointUrl(STAFF) + "?")
                .contains("client_id=filestream", "scope=openid%20profile", "state=", "nonce=",
                        "redirect_uri=" + management() + BACK);
        assertThat(start.headers().allValues("Set-Cookie"))
                .noneMatch(cookie -> cookie.startsWith("filestream-console="))
                .anyMatch(cookie -> cookie.matches("filestream-login-.*Path=/login/oauth2;.*HttpOnly; SameSite=Lax"));
    }

    @Test
    void userWithTheRoleIsLetInUnderTheirNameAndLogsOutAtTheProviderToo() {
        nextLoginHas(Map.of("preferred_username", "carol", "roles", List.of("x", "operator")));
        ConsoleSession carol = new ConsoleSession(management(), true);
        AuditLines audit = new AuditLines();

        HttpResponse<String> console = carol.get(START);

        assertThat(console.uri().getPath()).isEqualTo("/actuator/hawtio/");
        assertThat(console.statusCode()).isEqualTo(200);
        assertThat(carol.get("/actuator/hawtio/user").body()).isEqualTo("\"carol\"");
        assertThat(carol.jolokia(Map.of("type", "version")).statusCode()).isEqualTo(200);
        assertThat(carol.get("/actuator/health").body()).contains("components", "details");

        HttpResponse<String> after = carol.get("/actuator/hawtio/auth/logout");

        assertThat(after.uri()).isEqualTo(management().resolve("/login?logout"));
        assertThat(after.previousResponse().orElseThrow().uri().toString())
                .startsWith(provider.endSessionEndpointUrl(STAFF).toString());
        assertThat(carol.get("/actuator/jolokia/version").statusCode()).isEqualTo(401);
        audit.close();
        assertThat(audit.lines("console login")).anyMatch(line -> line.path("userName").asText().equals("carol"));
        assertThat(audit.lines("console logout")).anyMatch(line -> line.path("userName").asText().equals("carol"));
    }

    @Test
    void loginsInTwoTabsOfOneBrowserBothComeBack() {
        ConsoleSession browser = new ConsoleSession(management(), false);
        List<String> tabs = Stream.of(START, START).map(start -> location(browser.get(start))).toList();

        for (String tab : tabs) {
            nextLoginHas(Map.of("roles", List.of("operator")));
            HttpResponse<String> back = browser.get(location(browser.get(tab)));

            assertThat(location(back)).isEqualTo(management() + "/actuator/hawtio/");
            assertThat(back.headers().allValues("Set-Cookie"))
                    .anyMatch(cookie -> cookie.matches("filestream-login-.*Max-Age=0;.*"));
        }
    }

    private static String location(HttpResponse<String> redirect) {
        return redirect.headers().firstValue("Location").orElseThrow();
    }

    @Test
    void userWithoutTheRoleGetsNoSession() {
        AuditLines audit = new AuditLines();
        for (Map<String, Object> claims : List.<Map<String, Object>>of(Map.of(),
                Map.of("roles", List.of("file", "admin")), Map.of("roles", "operators"), Map.of("role", "operator"))) {
            nextLoginHas(claims);
            ConsoleSession mallory = new ConsoleSession(management(), true);

            assertThat(mallory.get(START).uri()).hasToString(management() + "/login?error");
            assertThat(mallory.cookie("filestream-console")).isNull();
            assertThat(mallory.get("/actuator/jolokia/version").statusCode()).isEqualTo(401);
        }
        audit.close();
        assertThat(audit.lines("console login failed").stream().filter(line -> line.path("reason").asText()
                .equals("the user of the provider lacks the role")).map(line -> line.get("userName").asText()))
                .hasSize(4).containsOnly("subject-1");
    }

    @Test
    void requestsOfStrangersLeaveNoSession() {
        int before = sessions();
        List<String> paths = Stream.concat(ConsoleAccessTest.ofAConsole(), Stream.of("/actuator/hawtio/camel",
                "/actuator/hawtio/jolokia/version", "/actuator/hawtio/auth/logout", "/login?error", "/login?logout",
                "/default-ui.css", "/error", BACK + "?code=stolen&state=guessed", "/actuator/health",
                "/actuator/prometheus")).toList();
        for (int round = 0; round < 10; round++) {
            for (String path : paths) {
                // A login would have to remember the query.
                stage.service().management().get(path + (path.contains("?") ? "&" : "?") + "round=" + round);
            }
        }
        for (int round = 0; round < 5; round++) {
            new ConsoleSession(management(), false).logIn("admin" + round, "wrong");
        }

        assertThat(get(BACK + "?code=stolen&state=guessed").headers().firstValue("Location"))
                .hasValue(management() + "/login?error");
        assertThat(sessions()).isEqualTo(before);
    }

    /** Each read of the metadata takes a thread of the port, which the probes need. */
    @Test
    void silentProviderKeepsOneLoginWaitingAndRefusesTheOthersAtOnce() throws Exception {
        ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        try (Stage other = new Stage(Stage.Kind.FILESYSTEM, provider("http://127.0.0.1:" + silent.getLocalPort()))) {
            URI port = other.service().management().base();
            for (String password : new String[] {ConsoleSession.PASSWORD, "null"}) {
                assertThat(ConsoleSession.basic(port, password)).as("there is no password").isEqualTo(401);
            }
            List<CompletableFuture<HttpResponse<String>>> logins =
                    OwnThread.each(20, login -> new ConsoleSession(port, false).get(START));

            await().until(() -> logins.stream().filter(CompletableFuture::isDone).count() == 19);
            assertThat(other.service().management().get("/actuator/health/liveness").status()).isEqualTo(200);
            silent.close();
            await().until(() -> logins.stream().allMatch(CompletableFuture::isDone));
            assertThat(logins).allSatisfy(each -> assertThat(each.join().statusCode()).isEqualTo(500));
        }
    }
}
