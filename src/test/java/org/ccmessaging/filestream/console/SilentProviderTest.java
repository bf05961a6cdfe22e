package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** An OpenID Connect provider that accepts connections and never responds, while strangers start logins. */
@Tag("service")
@ResourceLock(Stage.MBEANS)
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.console", texts = "cannot start")
class SilentProviderTest {

    @Test
    void silentProviderKeepsOneLoginWaitingAndRefusesTheOthersAtOnce() throws Exception {
        try (ServerSocket provider = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Map<String, Object> settings = new HashMap<>();
            settings.put("filestream.console.oidc.issuer-uri", "http://127.0.0.1:" + provider.getLocalPort());
            settings.put("filestream.console.oidc.client-id", "filestream");
            settings.put("filestream.console.oidc.client-secret", "client-secret-for-tests");
            try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, settings)) {
                HttpClient client = HttpClient.newHttpClient();
                HttpRequest login = HttpRequest.newBuilder(stage.service().management().base()
                        .resolve("/oauth2/authorization/console")).build();
                List<CompletableFuture<HttpResponse<Void>>> logins = Stream.generate(() ->
                        client.sendAsync(login, HttpResponse.BodyHandlers.discarding())).limit(20).toList();

                await().until(() -> logins.stream().filter(CompletableFuture::isDone).count() == 19);
                assertThat(stage.service().management().get("/actuator/health/liveness").status()).isEqualTo(200);
                assertThat(logins).filteredOn(each -> !each.isDone()).hasSize(1);

                provider.setSoTimeout(100);
                await().until(() -> {
                    hangUp(provider);
                    return logins.stream().allMatch(CompletableFuture::isDone);
                });
                assertThat(logins).allSatisfy(each -> assertThat(each.get().statusCode()).isEqualTo(500));
            }
        }
    }

    private static void hangUp(ServerSocket provider) throws IOException {
        try {
            provider.accept().close();
        } catch (SocketTimeoutException nobodyWaits) {
            // The login has given up, or has not come back yet.
        }
    }
}
