package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLSocket;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestCa;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import software.amazon.awssdk.core.exception.SdkClientException;

/** A store behind TLS whose certificate a private authority has signed, and a proxy on the way to it. */
class StoreTlsTest {

    private static final byte[] FILE = Stage.content(100_000);

    private final DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry();
    private final TestCa first = new TestCa("first");
    @AutoClose
    private final FaultyServer server = new FaultyServer();
    @AutoClose
    private final FaultyServer link = new FaultyServer(server.endpoint(), first.issue().server());

    @BeforeEach
    void start() {
        server.put("a.bin", FILE, Turn::right);
        bundles.registerBundle("store", trusting(first));
    }

    private static SslBundle trusting(TestCa authority) {
        return SslBundle.of(new PemSslStoreBundle(null, PemSslStoreDetails.forCertificate(authority.pem())));
    }

    private S3Store store(Map<String, Object> settings) {
        return ObjectGets.store(link.endpoint(), new SimpleMeterRegistry(), bundles, settings);
    }

    /** The requests of health have connections of their own. */
    private static void probe(S3Store store) {
        store.client().headBucket(head -> head.bucket("standard"));
    }

    private static void assertTrusted(S3Store store) throws IOException {
        assertThat(ObjectGets.read(store, "a.bin")).isEqualTo(FILE);
        probe(store);
    }

    private static void assertNotTrusted(S3Store store) {
        assertThatExceptionOfType(SdkClientException.class).isThrownBy(() -> ObjectGets.read(store, "a.bin"));
        assertThatExceptionOfType(SdkClientException.class).isThrownBy(() -> probe(store));
    }

    private void renew(TestCa.Issued certificate) {
        link.renew(certificate.server());
        link.drop();
    }

    @Test
    void storeTrustsTheAuthorityOfItsBundleForItsHostThroughTwoRenewals() throws Exception {
        try (S3Store store = store(Map.of("ssl-bundle", "store")); S3Store withoutBundle = store(Map.of())) {
            assertTrusted(store);
            assertNotTrusted(withoutBundle);
            renew(first.issueForAnotherHost());
            assertNotTrusted(store);
            for (String name : List.of("second", "third")) {
                TestCa renewed = new TestCa(name);
                renew(renewed.issue());
                assertNotTrusted(store);

                bundles.updateBundle("store", trusting(renewed));
                assertTrusted(store);
            }
        }
    }

    @Test
    void storeGetsTheClientCertificateOfTheBundleAlsoAfterARenewal() throws Exception {
        TestCa clients = new TestCa("clients");
        link.demandClientCertificates(first.issue().server(clients));
        try (S3Store store = store(Map.of("ssl-bundle", "store"))) {
            assertNotTrusted(store);
            for (int renewal = 0; renewal < 2; renewal++) {
                bundles.updateBundle("store", SslBundle.of(new PemSslStoreBundle(clients.issue().store(),
                        PemSslStoreDetails.forCertificate(first.pem()))));
                link.drop();
                assertTrusted(store);
            }
        }
    }

    @Test
    void connectionsUseTheProtocolsAndCiphersOfTheBundle() throws Exception {
        String cipher = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
        bundles.updateBundle("store", SslBundle.of(trusting(first).getStores(), null,
                SslOptions.of(Set.of(cipher), Set.of("TLSv1.2"))));
        int port = link.endpoint().getPort();
        try (SSLSocket socket = (SSLSocket) new StoreTls("store", bundles).sockets(Socket::new)
                .createLayeredSocket(new Socket("127.0.0.1", port), "127.0.0.1", port, null)) {
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
            assertThat(socket.getSession().getCipherSuite()).isEqualTo(cipher);
        }
    }

    @Test
    void requestsGoThroughTheProxyThatASettingNames() throws Exception {
        Queue<String> tunnels = new ConcurrentLinkedQueue<>();
        try (FaultyServer proxy = new FaultyServer()) {
            proxy.probes(turn -> {
                if (turn.headers("Proxy-Authorization").contains("Basic bWU6bGV0LW1lLXBhc3M=")) {
                    tunnels.add(turn.target());
                    turn.send("HTTP/1.1 200 OK\r\n\r\n");
                    turn.tunnel(turn.target());
                } else {
                    turn.head(407, "Proxy-Authenticate: Basic realm=\"test\"", "Content-Length: 0");
                }
            });
            try (S3Store store = store(Map.of("ssl-bundle", "store", "proxy", proxy.endpoint(),
                    "proxy-username", "me", "proxy-password", "let-me-pass"))) {
                assertTrusted(store);
            }
        }
        assertThat(tunnels).hasSize(2).containsOnly("127.0.0.1:" + link.endpoint().getPort());
    }
}
