package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.success;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Downloads from a store by the packaged jar in 96 MB of heap. That the service keeps the whole contract is shown by
 * the other classes of this package, in this JVM; this one shows that the jar holds what the service needs for it.
 * {@code DeployedServiceIT} lets the jar issue tokens.
 */
@Tag("jar")
class ContractSmokeIT {

    private static final String HELLO = request("standard", "hello.txt");

    /** An eighth of 96 MB, 48 KB for each (decision 0016). */
    private static final int MOST_HALF_SENT_HEADERS = 256;

    @AutoClose
    private static Stage jar;

    @BeforeAll
    static void start() throws Exception {
        jar = Stage.ofJar(Stage.Kind.S3, Map.of("filestream.http.header-timeout", "10m"));
        for (String branch : Stage.BRANCHES) {
            jar.put(branch, "hello.txt", Stage.content(100));
            jar.put(branch, "large.bin", Stage.content(1_000_000));
        }
    }

    @Test
    void eachBranchServesASmallFileAndStreamsALargeOne() {
        for (String branch : Stage.BRANCHES) {
            assertThat(jar.api().download(request(branch, "hello.txt")).text()).isEqualTo(success(Stage.content(100)));
            assertThat(jar.api().download(request(branch, "large.bin")).text())
                    .isEqualTo(success(Stage.content(1_000_000)));
        }
    }

    /** The bound depends on the heap, and only a separate JVM has a small one. */
    @Test
    void halfSentHeadersHaveABoundAndLetOthersPass() throws Exception {
        List<Socket> clients = new ArrayList<>();
        try {
            for (int i = 0; i < MOST_HALF_SENT_HEADERS + 10; i++) {
                Socket client = new Socket(jar.api().base().getHost(), jar.api().base().getPort());
                clients.add(client);
                client.getOutputStream().write("POST / HTTP/1.1\r\nHost".getBytes(StandardCharsets.US_ASCII));
            }

            assertThat(jar.api().download(HELLO).file()).isEqualTo(Stage.content(100));
            // Which of them are the oldest is up to the threads of a JVM that has just started.
            await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> assertThat(clients.stream()
                    .filter(ContractSmokeIT::hasEnded)).hasSize(clients.size() - MOST_HALF_SENT_HEADERS));
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static boolean hasEnded(Socket client) {
        try {
            client.setSoTimeout(1);
            return client.getInputStream().read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }
}
