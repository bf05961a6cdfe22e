package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.catalina.Context;
import org.apache.catalina.Manager;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/** Sessions of the management port: the requests that start one, and the limits. */
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.console", texts = "cannot start")
@ExpectedErrors.Of(logger = "audit", texts = "brake on guessing started")
class ConsoleSessionsTest extends ConsoleOfAService {

    /** Every kind of path that a stranger can request, with a query that a login would have to remember. */
    private static final List<String> PATHS = List.of("/actuator/hawtio", "/actuator/hawtio/", "/actuator/hawtio/camel",
            "/actuator/hawtio/jolokia/version", "/actuator/hawtio/auth/logout", "/actuator/jolokia/version",
            "/actuator/jolokia/list", "/actuator", "/actuator/env", "/actuator/sbom", "/login", "/login?error",
            "/login?logout", "/default-ui.css", "/", "/error", "/oauth2/authorization/staff",
            "/login/oauth2/code/staff?code=stolen&state=guessed", "/actuator/health", "/actuator/prometheus");

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
        return new Stage(Stage.Kind.FILESYSTEM, with(ConsoleOidcTest.provider("http://127.0.0.1:1/staff")),
                ManagementPort.class);
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
        for (int login = 0; login < ConsoleConfiguration.MOST_SESSIONS; login++) {
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
        assertThat(sessions).filteredOn(session -> status(session) == 302).hasSize(2);
        // A session that has ended leaves the memory when its browser comes back.
        assertThat(sessions()).isLessThanOrEqualTo(before + ConsoleConfiguration.MOST_SESSIONS);
    }

    private static int status(ConsoleSession session) {
        return session.get("/actuator/hawtio/user").statusCode();
    }
}
