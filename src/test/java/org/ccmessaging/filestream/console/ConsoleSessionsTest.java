package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.Manager;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.boot.web.embedded.tomcat.TomcatWebServer;
import org.springframework.context.ApplicationListener;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.security.authentication.TestingAuthenticationToken;

/** Which requests to the management port leave a session behind, and how many sessions there can be. */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock(Stage.MBEANS)
class ConsoleSessionsTest {

    /** Every kind of path that a stranger can request, with a query that a login would have to remember. */
    private static final List<String> PATHS = List.of("/actuator/hawtio", "/actuator/hawtio/", "/actuator/hawtio/camel",
            "/actuator/hawtio/jolokia/version", "/actuator/hawtio/auth/logout", "/actuator/jolokia/version",
            "/actuator/jolokia/list", "/actuator", "/actuator/env", "/actuator/sbom", "/login", "/login?error",
            "/login?logout", "/default-ui.css", "/", "/error", "/oauth2/authorization/console",
            "/login/oauth2/code/console?code=stolen&state=guessed", "/actuator/health", "/actuator/prometheus");

    @RegisterExtension
    static final ExpectedErrors EXPECTED =
            ExpectedErrors.of("org.ccmessaging.filestream.console", "cannot start");

    private Stage stage;

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

    @BeforeAll
    void start() throws Exception {
        Map<String, Object> settings = new HashMap<>(ConsoleSession.SETTINGS);
        // No provider listens there. The login through it starts all the same.
        settings.put("filestream.console.oidc.issuer-uri", "http://127.0.0.1:1/staff");
        settings.put("filestream.console.oidc.client-id", "filestream");
        settings.put("filestream.console.oidc.client-secret", "client-secret-for-tests");
        stage = new Stage(Stage.Kind.FILESYSTEM, settings, ManagementPort.class);
    }

    @AfterAll
    void stop() {
        stage.close();
    }

    private int sessions() {
        return stage.service().bean(ManagementPort.class).manager.getActiveSessions();
    }

    private URI management() {
        return stage.service().management().base();
    }

    @Test
    void requestsOfStrangersLeaveNoSession() {
        int before = sessions();
        Api port = stage.service().management();
        for (int round = 0; round < 100; round++) {
            for (String path : PATHS) {
                port.get(path + (path.contains("?") ? "&" : "?") + "round=" + round);
            }
        }
        for (int round = 0; round < 20; round++) {
            new ConsoleSession(management(), false).logIn("admin" + round, "wrong");
        }

        assertThat(sessions()).isEqualTo(before);
    }

    @Test
    void strangerGetsNoCookieThatNamesASession() {
        for (String path : PATHS) {
            HttpResponse<String> answer = new ConsoleSession(management(), false).get(path);

            assertThat(answer.headers().allValues("Set-Cookie")).as(path)
                    .noneMatch(cookie -> cookie.startsWith("filestream-console="));
        }
    }

    @Test
    void userHasAtMostFiveSessionsAndTheOneInUseStays() {
        List<ConsoleSession> sessions = new ArrayList<>();
        for (int login = 0; login < 5; login++) {
            sessions.add(ConsoleSession.loggedIn(management()));
        }
        // The second request of a connection comes after the session knows of the first.
        assertThat(status(sessions.get(0))).isEqualTo(200);
        assertThat(status(sessions.get(0))).isEqualTo(200);
        sessions.add(ConsoleSession.loggedIn(management()));
        sessions.add(ConsoleSession.loggedIn(management()));

        assertThat(sessions()).isEqualTo(5);
        assertThat(status(sessions.get(0))).isEqualTo(200);
        assertThat(status(sessions.get(6))).isEqualTo(200);
        assertThat(sessions).filteredOn(session -> status(session) == 302).hasSize(2);
    }

    private static int status(ConsoleSession session) {
        return session.get("/actuator/hawtio/user").statusCode();
    }

    /** A session that says when its last request was. */
    private static final class Used extends MockHttpSession {

        private long last;

        private Used(long last) {
            this.last = last;
        }

        @Override
        public long getLastAccessedTime() {
            super.getLastAccessedTime();
            return last;
        }
    }

    private static <T extends MockHttpSession> T logIn(ConsoleSessions bound, String user, T session) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setSession(session);
        bound.onAuthentication(new TestingAuthenticationToken(user, "", "ROLE_X"), request,
                new MockHttpServletResponse());
        return session;
    }

    @Test
    void sessionThatWasNotUsedForTheLongestTimeEnds() {
        ConsoleSessions bound = new ConsoleSessions();
        List<Used> sessions = new ArrayList<>();
        for (int login = 0; login < 5; login++) {
            sessions.add(logIn(bound, "jo", new Used(100 + login)));
        }
        sessions.get(0).last = 200;
        sessions.get(1).last = 201;
        sessions.add(logIn(bound, "jo", new Used(300)));
        MockHttpSession ofAnother = logIn(bound, "kim", new Used(0));
        // The one that starts stays, whatever its time.
        sessions.add(logIn(bound, "jo", new Used(1)));

        assertThat(sessions.stream().map(MockHttpSession::isInvalid))
                .containsExactly(false, false, true, true, false, false, false);
        assertThat(ofAnother.isInvalid()).isFalse();
    }

    @Test
    void allUsersTogetherHaveAHundredSessionsAndTheOneThatWasNotUsedForTheLongestTimeEnds() {
        ConsoleSessions bound = new ConsoleSessions();
        List<Used> sessions = new ArrayList<>();
        for (int user = 0; user < 150; user++) {
            sessions.add(logIn(bound, "user" + user, new Used(user)));
            if (user == 90) {
                sessions.get(0).last = 1000;
            }
            if (user == 120) {
                // These end by themselves, and make room.
                sessions.subList(100, 110).forEach(MockHttpSession::invalidate);
            }
        }

        assertThat(sessions).filteredOn(session -> !session.isInvalid()).hasSize(100);
        assertThat(sessions.get(0).isInvalid()).isFalse();
        assertThat(sessions.subList(1, 41)).allMatch(MockHttpSession::isInvalid);
        assertThat(sessions.subList(41, 100)).noneMatch(MockHttpSession::isInvalid);
    }

    @Test
    void loginInAnOldSessionStartsANewOne() {
        ConsoleSession session = ConsoleSession.loggedIn(management());
        int before = sessions();
        String id = session.cookie("filestream-console");

        session.logIn(ConsoleSession.USER, ConsoleSession.PASSWORD);

        assertThat(session.cookie("filestream-console")).isNotEqualTo(id);
        assertThat(sessions()).isEqualTo(before);
    }
}
