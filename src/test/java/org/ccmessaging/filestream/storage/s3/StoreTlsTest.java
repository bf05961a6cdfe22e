package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.READ_BROKEN;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.ccmessaging.filestream.dev.EmbeddedS3;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.MountedSecret;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestCa;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store behind TLS whose certificate a private authority has signed, and a proxy on the way to it. */
@Tag("service")
class StoreTlsTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final byte[] FILE = Stage.content(100_000);
    private static final String BASIC =
            Base64.getEncoder().encodeToString("me:let-me-pass".getBytes(StandardCharsets.UTF_8));

    @TempDir
    private Path folder;

    @AutoClose
    private static EmbeddedS3 s3;

    @BeforeAll
    static void start() throws Exception {
        s3 = EmbeddedS3.inMemory(Stage.BRANCHES);
        s3.put("standard", "demo/a.bin", FILE);
    }

    private static Map<String, Object> settings(FaultyServer link, MountedSecret authorities) {
        Map<String, Object> settings = new HashMap<>(EmbeddedS3.settings(link.endpoint()));
        settings.put("spring.ssl.bundle.pem.store.truststore.certificate", authorities.file("ca.crt"));
        settings.put("spring.ssl.bundle.pem.store.reload-on-update", "true");
        settings.put("spring.ssl.bundle.watch.file.quiet-period", "100ms");
        settings.put("filestream.storage.standard.s3.ssl-bundle", "store");
        return settings;
    }

    private static String health(Stage stage, String branch) {
        return stage.health(branch).path("status").asText();
    }

    /** Only one branch has the bundle; the others use the authorities of Java, which do not include this one. */
    @Test
    void branchTrustsTheAuthorityOfItsBundleForItsHostThroughTwoRenewals() throws Exception {
        TestCa first = new TestCa("first");
        MountedSecret authorities = new MountedSecret(folder, Map.of("ca.crt", first.pem()));
        try (FaultyServer link = new FaultyServer(s3.endpoint(), first.issue().server());
                Stage stage = Stage.impatient(settings(link, authorities))) {
            assertThat(stage.api().download(request("standard", "a.bin")).file()).isEqualTo(FILE);
            await().atMost(SOON).until(() -> health(stage, "standard").equals("UP"));
            assertThat(stage.api().download(request("local", "a.bin")).text()).isEqualTo(READ_BROKEN);
            await().atMost(SOON).until(() -> health(stage, "local").equals("DOWN"));

            link.renew(first.issueForAnotherHost().server());
            link.drop();
            assertThat(stage.api().download(request("standard", "a.bin")).text()).isEqualTo(READ_BROKEN);
            await().atMost(SOON).until(() -> health(stage, "standard").equals("DOWN"));
            for (String name : List.of("second", "third")) {
                TestCa renewed = new TestCa(name);
                link.renew(renewed.issue().server());
                link.drop();
                assertThat(stage.api().download(request("standard", "a.bin")).text()).isEqualTo(READ_BROKEN);

                authorities.update(Map.of("ca.crt", renewed.pem()));
                await().atMost(SOON).untilAsserted(() -> assertThat(
                        stage.api().download(request("standard", "a.bin")).text()).endsWith("\"resultCode\":\"0\"}"));
                await().atMost(SOON).until(() -> health(stage, "standard").equals("UP"));
            }
        }
    }

    @Test
    void requestsGoThroughTheProxyThatASettingNames() throws Exception {
        TestCa ca = new TestCa("behind");
        MountedSecret authorities = new MountedSecret(folder, Map.of("ca.crt", ca.pem()));
        Queue<String> tunnels = new ConcurrentLinkedQueue<>();
        try (FaultyServer proxy = new FaultyServer();
                FaultyServer link = new FaultyServer(s3.endpoint(), ca.issue().server())) {
            proxy.probes(turn -> {
                if (turn.headers("Proxy-Authorization").contains("Basic " + BASIC)) {
                    tunnels.add(turn.target());
                    turn.send("HTTP/1.1 200 OK\r\n\r\n");
                    turn.tunnel(turn.target());
                } else {
                    turn.head(407, "Proxy-Authenticate: Basic realm=\"test\"", "Content-Length: 0");
                }
            });
            Map<String, Object> settings = settings(link, authorities);
            settings.put("filestream.storage.standard.s3.proxy", proxy.endpoint().toString());
            settings.put("filestream.storage.standard.s3.proxy-username", "me");
            settings.put("filestream.storage.standard.s3.proxy-password", "let-me-pass");
            try (Stage stage = Stage.impatient(settings)) {
                assertThat(stage.api().download(request("standard", "a.bin")).file()).isEqualTo(FILE);
                assertThat(tunnels).isNotEmpty();
                await().atMost(SOON).until(() -> health(stage, "standard").equals("UP"));
                // The health check has connections of its own.
                await().atMost(SOON).until(() -> tunnels.size() > 1);
                assertThat(tunnels).containsOnly("127.0.0.1:" + link.endpoint().getPort());
            }
        }
    }
}
