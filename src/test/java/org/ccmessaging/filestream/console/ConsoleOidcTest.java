package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.ccmessaging.filestream.support.AuditLines;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Login to the console through an OpenID Connect provider, beside the password. */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock(Stage.MBEANS)
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.console", texts = "cannot start")
class ConsoleOidcTest {

    private static final String STAFF = "staff";
    private static final String START = "/oauth2/authorization/staff";

    @AutoClose("shutdown")
    private MockOAuth2Server provider;
    private int providerPort;
    @AutoClose
    private Service service;

    /** Settings of a provider that is named staff. */
    static Map<String, Object> provider(String issuer) {
        String client = "spring.security.oauth2.client.";
        return Map.of(client + "provider.staff.issuer-uri", issuer, client + "registration.staff.client-id",
                "filestream", client + "registration.staff.client-secret", "client-secret-for-tests",
                client + "registration.staff.scope", "openid,profile");
    }

    @BeforeAll
    void start() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            providerPort = free.getLocalPort();
        }
        Map<String, Object> settings = new HashMap<>(ConsoleSession.SETTINGS);
        settings.put("filestream.storage.standard.type", "filesystem");
        settings.put("filestream.storage.multimedia-library.type", "filesystem");
        settings.putAll(provider("http://localhost:" + providerPort + "/" + STAFF));
        // The provider is not there yet: the service has to start without it.
        service = Service.start(settings);
        assertThat(get(START, false).statusCode()).isGreaterThanOrEqualTo(500);
        assertThat(ConsoleSession.loggedIn(base()).get("/actuator/hawtio/user").body()).isEqualTo("\"admin\"");

        provider = new MockOAuth2Server();
        provider.start(InetAddress.getByName("localhost"), providerPort);
    }

    private URI base() {
        return service.management().base();
    }

    private HttpResponse<String> get(String path, boolean followRedirects) {
        return new ConsoleSession(base(), followRedirects).get(path);
    }

    /** Gives the next login at the provider these claims. */
    private void next(Map<String, Object> claims) {
        provider.enqueueCallback(new DefaultOAuth2TokenCallback(STAFF, "subject-1", "JWT", List.of("filestream"),
                claims, 600));
    }

    @Test
    void loginThatStartsLeadsToTheProviderAndLeavesACookieAndNoSession() {
        assertThat(get("/login", false).body()).contains("href=\"" + START + "\"", "name=\"password\"");
        HttpResponse<String> start = get(START, false);

        assertThat(start.headers().firstValue("Location").orElseThrow())
                .startsWith(provider.authorizationEndpointUrl(STAFF) + "?")
                .contains("client_id=filestream", "scope=openid%20profile", "state=", "nonce=",
                        "redirect_uri=" + base() + "/login/oauth2/code/staff");
        assertThat(start.headers().allValues("Set-Cookie")).anySatisfy(cookie -> assertThat(cookie)
                        .startsWith("filestream-login=").contains("HttpOnly", "SameSite=Lax", "Path=/login/oauth2"))
                .noneMatch(cookie -> cookie.startsWith("filestream-console="));
    }

    @Test
    void sessionOfALoginIsLaxBecauseTheProviderSendsTheUserBack() {
        assertThat(new ConsoleSession(base(), false).logIn(ConsoleSession.USER, ConsoleSession.PASSWORD).headers()
                .allValues("Set-Cookie")).anySatisfy(cookie -> assertThat(cookie)
                        .startsWith("filestream-console=").contains("HttpOnly", "SameSite=Lax"));
    }

    @Test
    void userWithTheRoleIsLetInUnderTheirNameAndLogsOutAtTheProviderToo() {
        next(Map.of("preferred_username", "carol", "roles", List.of("x", "operator")));
        ConsoleSession carol = new ConsoleSession(base(), true);
        AuditLines audit = new AuditLines();

        HttpResponse<String> console = carol.get(START);

        assertThat(console.uri().getPath()).isEqualTo("/actuator/hawtio/");
        assertThat(console.statusCode()).isEqualTo(200);
        assertThat(carol.get("/actuator/hawtio/user").body()).isEqualTo("\"carol\"");
        assertThat(carol.jolokia(Map.of("type", "version")).statusCode()).isEqualTo(200);
        assertThat(carol.get("/actuator/health").body()).contains("components", "details");

        HttpResponse<String> after = carol.get("/actuator/hawtio/auth/logout");

        assertThat(after.uri()).isEqualTo(base().resolve("/login?logout"));
        assertThat(after.previousResponse().orElseThrow().uri().toString())
                .startsWith(provider.endSessionEndpointUrl(STAFF).toString());
        assertThat(carol.get("/actuator/jolokia/version").statusCode()).isEqualTo(401);
        audit.close();
        assertThat(audit.lines("console login")).anyMatch(line -> line.path("userName").asText().equals("carol"));
        assertThat(audit.lines("console logout")).anyMatch(line -> line.path("userName").asText().equals("carol"));
    }

    @Test
    void userWithoutTheRoleGetsNoSession() {
        AuditLines audit = new AuditLines();
        for (Map<String, Object> claims : List.<Map<String, Object>>of(Map.of(),
                Map.of("roles", List.of("file", "admin")), Map.of("roles", "operators"), Map.of("role", "operator"))) {
            next(claims);
            ConsoleSession mallory = new ConsoleSession(base(), true);

            assertThat(mallory.get(START).uri()).isEqualTo(base().resolve("/login?error"));
            assertThat(mallory.hasCookie("filestream-console")).isFalse();
            assertThat(mallory.get("/actuator/jolokia/version").statusCode()).isEqualTo(401);
        }
        audit.close();
        assertThat(audit.lines("console login failed").stream().filter(line ->
                line.path("reason").asText().equals("OpenID Connect: the user lacks the role"))).hasSize(4);
    }

    @Test
    void authorizationResponseWithoutARequestIsNoLogin() {
        AuditLines audit = new AuditLines();
        assertThat(get("/login/oauth2/code/staff?code=stolen&state=guessed", false).headers()
                .firstValue("Location")).hasValue(base() + "/login?error");
        audit.close();
        assertThat(audit.lines("console login failed")).anySatisfy(line -> {
            assertThat(line.get("reason").asText()).isEqualTo("OpenID Connect: authorization_request_not_found");
            assertThat(line.has("address")).isTrue();
        });
    }

    /** Each download of the metadata takes a thread of the port, which the probes need. */
    @Test
    void silentProviderKeepsOneLoginWaitingAndRefusesTheOthersAtOnce() throws Exception {
        ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM,
                provider("http://127.0.0.1:" + silent.getLocalPort()))) {
            HttpClient client = HttpClient.newHttpClient();
            HttpRequest login = HttpRequest.newBuilder(stage.service().management().base().resolve(START)).build();
            List<CompletableFuture<HttpResponse<Void>>> logins = Stream.generate(() ->
                    client.sendAsync(login, HttpResponse.BodyHandlers.discarding())).limit(20).toList();

            await().until(() -> logins.stream().filter(CompletableFuture::isDone).count() == 19);
            assertThat(stage.service().management().get("/actuator/health/liveness").status()).isEqualTo(200);
            silent.close();
            await().until(() -> logins.stream().allMatch(CompletableFuture::isDone));
            assertThat(logins).allSatisfy(each -> assertThat(each.get().statusCode()).isEqualTo(500));
        }
    }
}
