package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.headers;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BUSY;

import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.engine.DefaultUnitOfWork;
import org.apache.camel.support.DefaultExchange;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.toolkit.ExchangeBudget;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Contract section 4.2, 503: more requests in flight than allowed. {@code ShutdownDelayTest} has a shutdown. */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OverloadContractTest {

    private static final int HUGE = 32 * 1024 * 1024;

    @AutoClose
    private Stage stage;

    @BeforeAll
    void start() throws Exception {
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.download.max-in-flight", 2,
                "filestream.download.max-file-size", "100MB"));
        stage.put("standard", "hello.txt", Stage.content(100));
        stage.put("standard", "huge.bin", Stage.content(HUGE));
    }

    @AfterEach
    void everyPermitIsReleased() {
        stage.awaitInFlight(0);
    }

    private static Answer small(Stage stage) {
        return stage.api().download(request("standard", "hello.txt"));
    }

    private static void assertBusy(Answer answer) {
        assertThat(answer.text()).isEqualTo(BUSY);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("resultCode")).isEqualTo("503");
    }

    @Test
    void oneMoreThanTheLimitGets503UnlessItIsNoRequestAndAReleasedPermitIsUsedAgain() throws Exception {
        Socket reader = stage.api().slowReader(request("standard", "huge.bin"));
        try (Socket another = stage.api().slowReader(request("standard", "huge.bin"))) {
            stage.awaitInFlight(2);
            assertBusy(small(stage));
            assertThat(stage.api().download(request("standard", "hello.txt"), headers()).status()).isEqualTo(401);
            assertThat(stage.api().download("").status()).isEqualTo(400);
            assertThat(stage.api().download(" ".repeat(70_000)).status()).isEqualTo(400);
            // A permit comes before the JSON is parsed.
            assertBusy(stage.api().download("not json"));

            reader.close();
            assertThat(another.isClosed()).isFalse();
            Answer answer = await().until(() -> small(stage), next -> next.status() == 200);
            assertThat(answer.file()).isEqualTo(Stage.content(100));
        }
    }

    /** The routes of an installation may make large values for each request, and requests come at the same time. */
    @Test
    void requestWhoseRoutesFindNoMemoryGets503AndOthersAreServed(@TempDir Path folder) throws Exception {
        OwnRoutes routes = new OwnRoutes(folder.resolve("routes"));
        routes.replace("choose-storage", "        - choice:\n", """
                        - filter:
                            id: if-hungry
                            simple: {expression: "${variable.request.fileId} startsWith 'hungry'"}
                            steps:
                              - setVariable: {id: make, name: made, constant: {expression: VALUE}}
                              - setVariable: {id: make-more, name: made, simple: {expression: "PARTS"}}
                        - choice:
                """.replace("VALUE", "x".repeat(10_000)).replace("PARTS", "${variable.made}".repeat(10)));
        try (Stage own = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.routes.directory", routes.folder()))) {
            own.put("standard", "hello.txt", Stage.content(100));
            own.put("standard", "hungry.txt", Stage.content(100));
            String hungry = request("standard", "hungry.txt");
            assertThat(own.api().download(hungry).file()).isEqualTo(Stage.content(100));
            own.awaitInFlight(0);
            Exchange large = new DefaultExchange(own.service().bean(CamelContext.class));
            large.getExchangeExtension().setUnitOfWork(new DefaultUnitOfWork(large));

            ExchangeBudget.of(large).hold(Runtime.getRuntime().maxMemory() / 8);
            assertBusy(own.api().download(hungry));
            assertThat(small(own).file()).isEqualTo(Stage.content(100));

            large.getUnitOfWork().done(large);
            assertThat(own.api().download(hungry).file()).isEqualTo(Stage.content(100));
            own.awaitInFlight(0);
        }
    }
}
