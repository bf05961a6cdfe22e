package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentialsAnd;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BUSY;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A route that an operator stops: its callers get 503 at once, and the other branches serve on. */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoppedRouteTest {

    private static final String ORIGIN = "https://chat.example.com";

    @AutoClose
    private Stage stage;

    @BeforeAll
    void start() throws Exception {
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.cors.allowed-origins", ORIGIN));
        stage.put("local", "hello.txt", Stage.content(100));
        stage.put("standard", "hello.txt", Stage.content(100));
    }

    private double refused() {
        return stage.metric("filestream_downloads_refused_total{reason=\"stopped\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"storage-standard", "read-filesystem", "download-file-stream"})
    void callerOfAStoppedRouteGets503AtOnce(String route) throws Exception {
        CamelContext camel = stage.service().bean(CamelContext.class);
        camel.getRouteController().stopRoute(route);
        double refused = refused();

        Answer answer = stage.api().download(request("standard", "hello.txt"), credentialsAnd("Origin", ORIGIN));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(answer.text()).isEqualTo(BUSY);
        await().until(() -> refused() == refused + 1);
        if (route.equals("storage-standard")) {
            assertThat(stage.api().download(request("local", "hello.txt")).file()).isEqualTo(Stage.content(100));
        }

        camel.getRouteController().startRoute(route);

        assertThat(stage.api().download(request("standard", "hello.txt")).file()).isEqualTo(Stage.content(100));
    }
}
