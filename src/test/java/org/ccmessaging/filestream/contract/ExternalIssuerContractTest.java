package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BUSINESS_FAILURE;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Contract section 6 with keys of an external issuer, and the 500 of section 4.2 where it cannot be reached. */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExternalIssuerContractTest {

    @RegisterExtension
    static final ExpectedErrors EXPECTED = ExpectedErrors.of("filestream", "TokenKeysUnavailableException");

    @RegisterExtension
    static final ExpectedErrors NO_KEYS = ExpectedErrors.of("org.ccmessaging.filestream.auth", "cannot be fetched");

    private RSAKey rsa;
    private ECKey ec;
    private HttpServer issuer;
    private final AtomicInteger fetches = new AtomicInteger();
    private Stage stage;

    @BeforeAll
    void start() throws Exception {
        rsa = new RSAKeyGenerator(2048).keyID("rsa-1").generate();
        ec = new ECKeyGenerator(Curve.P_256).keyID("ec-1").generate();
        byte[] keys = new JWKSet(List.of(rsa, ec)).toString(true).getBytes(StandardCharsets.UTF_8);
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/", exchange -> {
            fetches.incrementAndGet();
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        issuer.start();
        stage = stageFor("http://127.0.0.1:" + issuer.getAddress().getPort() + "/keys");
        stage.put("standard", "hello.txt", Stage.content(100));
        // The service itself fetches the keys once, before it is ready.
        await().until(() -> fetches.get() > 0);
    }

    @AfterAll
    void stop() {
        stage.close();
        issuer.stop(0);
    }

    private static Stage stageFor(String keySet) throws Exception {
        return new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.auth.jwk-set-uri", keySet,
                "filestream.auth.token-endpoints", "false"));
    }

    private Answer download(JWSHeader header, JWSSigner signer) {
        return stage.api().download(request("standard", "hello.txt"), credentials(
                TestTokens.access().sign(header, signer), TestTokens.session().sign(header, signer)));
    }

    private static JWSHeader header(JWSAlgorithm algorithm, String keyId) {
        return new JWSHeader.Builder(algorithm).keyID(keyId).build();
    }

    @Test
    void rs256Ps256AndEs256TokensOfTheIssuerAreAccepted() throws JOSEException {
        assertThat(download(header(JWSAlgorithm.PS256, "rsa-1"), new RSASSASigner(rsa)).file())
                .isEqualTo(Stage.content(100));
        assertThat(download(header(JWSAlgorithm.RS256, "rsa-1"), new RSASSASigner(rsa)).file())
                .isEqualTo(Stage.content(100));
        assertThat(download(header(JWSAlgorithm.ES256, "ec-1"), new ECDSASigner(ec)).file())
                .isEqualTo(Stage.content(100));
    }

    @Test
    void tokenSignedWithThePublicKeyAsAnHmacSecretGives401() throws JOSEException {
        JWSSigner confused = new MACSigner(rsa.toPublicKey().getEncoded());

        assertThat(download(header(JWSAlgorithm.HS256, "rsa-1"), confused).status()).isEqualTo(401);
    }

    @Test
    void algorithmThatIsNotExpectedGives401() throws JOSEException {
        assertThat(download(header(JWSAlgorithm.RS512, "rsa-1"), new RSASSASigner(rsa)).status()).isEqualTo(401);
    }

    @Test
    void tokensWithUnknownKeysGive401AndDoNotFloodTheIssuer() throws JOSEException {
        RSAKey stranger = new RSAKeyGenerator(2048).generate();
        int before = fetches.get();
        for (int i = 0; i < 20; i++) {
            assertThat(download(header(JWSAlgorithm.RS256, "unknown-" + i), new RSASSASigner(stranger)).status())
                    .isEqualTo(401);
        }
        assertThat(fetches.get() - before).isLessThanOrEqualTo(2);
    }

    @Test
    void sessionOfAnExternalIssuerIsNotRenewedHere() throws JOSEException {
        JWSHeader header = header(JWSAlgorithm.RS256, "rsa-1");
        Answer answer = stage.api().download(request("standard", "hello.txt"), credentials(
                TestTokens.access().sign(header, new RSASSASigner(rsa)),
                TestTokens.session().expiring(60).sign(header, new RSASSASigner(rsa))));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("ccmessaging-token")).isNull();
    }

    @Test
    void keysThatCannotBeFetchedGive500() throws Exception {
        HttpServer broken = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        broken.createContext("/", exchange -> {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        broken.start();
        JWSHeader header = header(JWSAlgorithm.RS256, "rsa-1");
        try (Stage cut = stageFor("http://127.0.0.1:" + broken.getAddress().getPort() + "/keys")) {
            Answer answer = cut.api().download(request("standard", "hello.txt"), credentials(
                    TestTokens.access().sign(header, new RSASSASigner(rsa)),
                    TestTokens.session().sign(header, new RSASSASigner(rsa))));

            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.text()).isEqualTo(BUSINESS_FAILURE);
            assertThat(answer.header("resultCode")).isEqualTo("500");
        } finally {
            broken.stop(0);
        }
    }
}
