package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.Manager;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.security.oauth2.core.user.DefaultOAuth2User;

/** Sessions of the management port: the requests that start one, and the limits. */
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.console", texts = "cannot start")
@ExpectedErrors.Of(logger = "audit", texts = "brake on guessing started")
class ConsoleSessionsTest extends ConsoleOfAService {

    /** Every kind of path that a stranger can request, with a query that a login would have to remember. */
    private static final List<String> PATHS = List.of("/actuator/hawtio", "/actuator/hawtio/", "/actuator/hawtio/camel",
            "/actuator/hawtio/jolokia/version", "/actuator/hawtio/auth/logout", "/actuator/jolokia/version",
            "/actuator/jolokia/list", "/actuator", "/actuator/env", "/actuator/sbom", "/login", "/login?error",
            "/login?logout", "/default-ui.css", "/", "/error", "/oauth2/authorization/console",
            "/login/oauth2/code/console?code=stolen&state=guessed", "/actuator/health", "/actuator/prometheus");

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

    /** No provider listens there. The login through it starts all the same. */
    @Override
    Stage open() throws Exception {
        return new Stage(Stage.Kind.FILESYSTEM, with(Map.of(
                "filestream.console.oidc.issuer-uri", "http://127.0.0.1:1/staff",
                "filestream.console.oidc.client-id", "filestream",
                "filestream.console.oidc.client-secret", "client-secret-for-tests")), ManagementPort.class);
    }

    private int sessions() {
        return stage.service().bean(ManagementPort.class).manager.getActiveSessions();
    }

    @Test
    void requestsOfStrangersLeaveNoSession() {
        int before = sessions();
        Api port = stage.service().management();
        for (int round = 0; round < 10; round++) {
            for (String path : PATHS) {
                port.get(path + (path.contains("?") ? "&" : "?") + "round=" + round);
            }
        }
        for (int round = 0; round < 5; round++) {
            new ConsoleSession(management(), false).logIn("admin" + round, "wrong");
        }

        assertThat(sessions()).isEqualTo(before);
    }

    @Test
    void userHasAtMostFiveSessionsAndTheOneInUseStays() {
        int before = sessions();
        List<ConsoleSession> sessions = new ArrayList<>();
        for (int login = 0; login < 5; login++) {
            sessions.add(loggedIn());
        }
        // The second request of a connection comes after the session knows of the first.
        assertThat(status(sessions.get(0))).isEqualTo(200);
        assertThat(status(sessions.get(0))).isEqualTo(200);
        sessions.add(loggedIn());
        sessions.add(loggedIn());

        assertThat(status(sessions.get(0))).isEqualTo(200);
        assertThat(status(sessions.get(6))).isEqualTo(200);
        assertThat(sessions.get(1).get("/actuator/health").body()).doesNotContain("components");
        assertThat(sessions.get(2).jolokia(Map.of("type", "version")).statusCode()).isIn(401, 403);
        assertThat(sessions).filteredOn(session -> status(session) == 302).hasSize(2);
        // A session that has ended leaves the memory when its browser comes back.
        assertThat(sessions()).isLessThanOrEqualTo(before + 5);
    }

    private static int status(ConsoleSession session) {
        return session.get("/actuator/hawtio/user").statusCode();
    }

    private static String use(ConsoleSessions sessions, String id) throws InterruptedException {
        // The registry counts milliseconds.
        Thread.sleep(2);
        sessions.refreshLastRequest(id);
        return id;
    }

    private static String logIn(ConsoleSessions sessions, String id, Object user) throws InterruptedException {
        Thread.sleep(2);
        sessions.registerNewSession(id, user);
        return id;
    }

    @Test
    void allUsersTogetherHaveAHundredSessionsAndTheOneThatWasNotUsedForTheLongestTimeEnds() throws Exception {
        ConsoleSessions sessions = new ConsoleSessions();
        for (int user = 0; user < 100; user++) {
            logIn(sessions, "session-" + user, "user-" + user);
        }
        use(sessions, "session-0");
        logIn(sessions, "session-100", "user-100");
        logIn(sessions, "session-101", "user-101");

        assertThat(sessions.getSessionInformation("session-0").isExpired()).isFalse();
        assertThat(sessions.getSessionInformation("session-1").isExpired()).isTrue();
        assertThat(sessions.getSessionInformation("session-2").isExpired()).isTrue();
        assertThat(sessions.getAllPrincipals()).filteredOn(user -> !sessions.getAllSessions(user, false).isEmpty())
                .hasSize(100);
    }

    @Test
    void loginsOfOneUserThroughAProviderAreOneUsers() throws Exception {
        ConsoleSessions sessions = new ConsoleSessions();
        Object[] logins = Stream.of("1", "2").map(nonce -> new DefaultOAuth2User(List.of(),
                Map.of("sub", "carol", "nonce", nonce), "sub")).toArray();
        logIn(sessions, "a", logins[0]);
        logIn(sessions, "b", logins[1]);

        assertThat(logins[0]).isNotEqualTo(logins[1]);
        assertThat(sessions.getAllSessions(logins[0], false)).hasSize(2);
    }

    @Test
    void loginInAnOldSessionStartsANewOne() {
        ConsoleSession session = loggedIn();
        int before = sessions();
        String id = session.cookie("filestream-console");

        session.logIn(ConsoleSession.USER, ConsoleSession.PASSWORD);

        assertThat(session.cookie("filestream-console")).isNotEqualTo(id);
        assertThat(sessions()).isEqualTo(before);
    }
}
