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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    private void assertReadyAndServing() {
        assertThat(health("readiness").status()).isEqualTo(200);
        assertThat(stage.api().download(request("standard", "hello.txt")).file()).isEqualTo(Stage.content(100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"download-file-stream", "token-by-ak-sk", "apply-token"})
    void readinessIsDownWhileARouteOfTheApiIsStopped(String route) throws Exception {
        routes().stopRoute(route);

        Answer stopped = health("readiness");
        assertThat(stopped.status()).isEqualTo(503);
        assertThat(stopped.json().at("/components/api/status").asText()).isEqualTo("DOWN");
        assertThat(stopped.json().at("/components/api/details/" + route).asText()).isEqualTo("Stopped");
        assertThat(health("liveness").status()).isEqualTo(200);

        routes().startRoute(route);
        assertReadyAndServing();
    }

    @Test
    void readinessIsDownWhileTheRouteOfTheApiIsSuspended() throws Exception {
        routes().suspendRoute("download-file-stream");

        assertThat(health("readiness").status()).isEqualTo(503);
        assertThat(health("liveness").status()).isEqualTo(200);

        routes().resumeRoute("download-file-stream");
        assertReadyAndServing();
    }
}
