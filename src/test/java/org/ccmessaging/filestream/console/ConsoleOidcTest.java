package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import okhttp3.mockwebserver.RecordedRequest;
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
    private static final String START = "/oauth2/authorization/console";

    @AutoClose("shutdown")
    private MockOAuth2Server provider;
    private int providerPort;
    @AutoClose
    private Service service;

    @BeforeAll
    void start() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            providerPort = free.getLocalPort();
        }
        Map<String, Object> settings = new HashMap<>(ConsoleSession.SETTINGS);
        settings.put("filestream.storage.standard.type", "filesystem");
        settings.put("filestream.storage.multimedia-library.type", "filesystem");
        settings.put("filestream.console.role", "file operator");
        settings.put("filestream.console.oidc.issuer-uri", "http://localhost:" + providerPort + "/" + STAFF);
        settings.put("filestream.console.oidc.client-id", "filestream");
        settings.put("filestream.console.oidc.client-secret", "client-secret-for-tests");
        settings.put("filestream.console.oidc.roles-claim", "realm_access.roles");
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
    void loginPageLeadsToTheProvider() {
        assertThat(get("/login", false).body()).contains("href=\"" + START + "\"", "name=\"password\"");
        assertThat(get(START, false).headers().firstValue("Location").orElseThrow())
                .startsWith(provider.authorizationEndpointUrl(STAFF) + "?")
                .contains("client_id=filestream", "scope=openid%20profile", "state=", "nonce=",
                        "redirect_uri=" + base() + "/login/oauth2/code/console");
    }

    @Test
    void loginThatStartsLeavesACookieAndNoSession() {
        assertThat(get(START, false).headers().allValues("Set-Cookie")).anySatisfy(cookie -> assertThat(cookie)
                        .startsWith("filestream-login=").contains("HttpOnly", "SameSite=Lax", "Path=/login/oauth2")
                        .hasSizeLessThan(4_000).doesNotContain("client", "nonce", "state"))
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
        next(Map.of("preferred_username", "carol", "realm_access", Map.of("roles", List.of("x", "file operator"))));
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
    void userWithoutTheRoleIsNotLetIn() {
        AuditLines audit = new AuditLines();
        for (Map<String, Object> claims : List.<Map<String, Object>>of(
                Map.of(), Map.of("realm_access", Map.of("roles", List.of("file", "operator", "admin"))),
                Map.of("realm_access", "file operator"), Map.of("roles", List.of("file operator")))) {
            next(claims);
            ConsoleSession mallory = new ConsoleSession(base(), true);

            assertThat(mallory.get(START).statusCode()).isEqualTo(403);
            assertThat(mallory.get("/actuator/jolokia/version").statusCode()).isEqualTo(403);
            assertThat(mallory.get("/actuator/health").body()).contains("status").doesNotContain("components");
        }
        audit.close();
        assertThat(audit.lines("console login failed").stream()
                .filter(line -> line.path("reason").asText().equals("the user lacks the role"))).hasSize(4);
    }

    @Test
    void authorizationResponseWithoutARequestIsNoLogin() {
        AuditLines audit = new AuditLines();
        assertThat(get("/login/oauth2/code/console?code=stolen&state=guessed", false).headers()
                .firstValue("Location")).hasValue(base() + "/login?error");
        audit.close();
        assertThat(audit.lines("console login failed")).anySatisfy(line -> {
            assertThat(line.get("reason").asText()).isEqualTo("single sign-on: authorization_request_not_found");
            assertThat(line.has("address")).isTrue();
        });
    }

    @Test
    void clientProvesItselfWithItsSecret() throws InterruptedException {
        next(Map.of());
        get(START, true);
        RecordedRequest request = provider.takeRequest();
        while (!request.getPath().equals("/" + STAFF + "/token")) {
            request = provider.takeRequest();
        }

        assertThat(request.getHeader("Authorization")).isEqualTo("Basic " + Base64.getEncoder().encodeToString(
                "filestream:client-secret-for-tests".getBytes(StandardCharsets.UTF_8)));
    }
}
