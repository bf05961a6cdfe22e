package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import org.apache.camel.component.mock.MockEndpoint;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Outcomes;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;

/** The routes with a path over HTTP. The one of downloads gets its file from the test in place of a storage. */
@TestPropertySource(properties = {"filestream.auth.token-endpoints=true",
    "filestream.auth.apps.demo-app.secret={noop}demo-secret", "filestream.auth.apps.demo-app.tenant-id=demo",
    "filestream.download.buffer-limit=16KB"})
class DownloadRouteTest extends RouteTest {

    @LocalServerPort
    private int port;

    private Api api;
    private MockEndpoint storage;
    private MockEndpoint inMemory;
    private MockEndpoint streamed;

    @BeforeEach
    void replaceTheStorage() throws Exception {
        if (camel.hasEndpoint("mock:storage") == null) {
            advise("download-file-stream", route -> {
                route.weaveById("to-choose-storage").replace().to("mock:storage");
                route.weaveById("encode-in-memory").after().to("mock:in-memory");
                route.weaveById("encode-stream").after().to("mock:streamed");
            });
            advise("token-by-ak-sk", route -> route.weaveById("issue-access-token").after().to("mock:access-token"));
            advise("apply-token", route -> route.weaveById("issue-session-token").after().to("mock:session-token"));
        }
        MockEndpoint.resetMocks(camel);
        api = Api.described(URI.create("http://localhost:" + port));
        storage = camel.getEndpoint("mock:storage", MockEndpoint.class);
        inMemory = camel.getEndpoint("mock:in-memory", MockEndpoint.class);
        streamed = camel.getEndpoint("mock:streamed", MockEndpoint.class);
    }

    private void store(byte[] file) {
        storage.whenAnyExchangeReceived(opened -> new StoredObject(new ByteArrayInputStream(file), file.length,
                Integer.MAX_VALUE, () -> { }).attachTo(opened));
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 0", "16384, 1, 0", "16385, 0, 1", "1000000, 0, 1"})
    void smallFileIsEncodedInMemoryAndALargeOneWhileItIsSent(int size, int small, int large) throws Exception {
        store(Stage.content(size));
        storage.expectedMessageCount(1);
        inMemory.expectedMessageCount(small);
        streamed.expectedMessageCount(large);

        assertThat(api.download(Api.request("a.txt", "txt", null)).text())
                .isEqualTo(Outcomes.success(Stage.content(size)));

        MockEndpoint.assertIsSatisfied(camel);
        assertThat(storage.getExchanges().get(0).getVariable("request"))
                .isEqualTo(new DownloadRequest("a.txt", "WEB", "txt", null));
        assertThat(storage.getExchanges().get(0).getVariable("tenantId")).isEqualTo("demo");
    }

    @Test
    void appGetsTheTwoTokensOfADownload() throws Exception {
        store(Stage.content(10));
        camel.getEndpoint("mock:access-token", MockEndpoint.class).expectedMessageCount(1);
        camel.getEndpoint("mock:session-token", MockEndpoint.class).expectedMessageCount(1);

        String access = api.post(Api.TOKEN_BY_AK_SK, """
                {"app_key":"demo-app","app_secret":"demo-secret"}""".getBytes()).json().get("AccessToken").asText();
        String session = api.post(Api.APPLY_TOKEN, """
                {"userId":"alice","userName":"Alice","channelId":"web-1","locale":"en"}""".getBytes(),
                "x-app-key", "demo-app", "Authorization", "Bearer " + access).json().get("token").asText();

        MockEndpoint.assertIsSatisfied(camel);
        assertThat(api.download(Api.request("a.txt", "txt", null), Api.credentials(access, session)).file())
                .hasSize(10);
    }
}
