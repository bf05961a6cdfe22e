package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.request;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.RouteController;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Readiness is down while a route of the API is stopped, so that load balancers send requests elsewhere. */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiHealthTest {

    @AutoClose
    private Stage stage;

    @BeforeAll
    void start() throws Exception {
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of());
        stage.put("standard", "hello.txt", Stage.content(100));
    }

    private Answer health(String group) {
        return stage.service().management().get("/actuator/health/" + group);
    }

    private RouteController routes() {
        return stage.service().bean(CamelContext.class).getRouteController();
    }

    @ParameterizedTest
    @CsvSource({"download-file-stream, Stopped", "token-by-ak-sk, Stopped", "apply-token, Stopped",
        "download-file-stream, Suspended"})
    void readinessIsDownWhileARouteOfTheApiIsNotStarted(String route, String status) throws Exception {
        if (status.equals("Stopped")) {
            routes().stopRoute(route);
        } else {
            routes().suspendRoute(route);
        }

        Answer down = health("readiness");
        assertThat(down.status()).isEqualTo(503);
        assertThat(down.json().at("/components/api/status").asText()).isEqualTo("DOWN");
        assertThat(down.json().at("/components/api/details/" + route).asText()).isEqualTo(status);
        assertThat(health("liveness").status()).isEqualTo(200);

        if (status.equals("Stopped")) {
            routes().startRoute(route);
        } else {
            routes().resumeRoute(route);
        }
        assertThat(health("readiness").status()).isEqualTo(200);
        assertThat(stage.api().download(request("standard", "hello.txt")).file()).isEqualTo(Stage.content(100));
    }
}
