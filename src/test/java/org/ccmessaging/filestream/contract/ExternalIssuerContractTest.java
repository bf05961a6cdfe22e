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
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.util.Map;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestIssuer;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Contract section 6 with keys of an external issuer, and the 500 of section 4.2 where it cannot be reached. */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExpectedErrors.Of(logger = "filestream", texts = "TokenKeysUnavailableException")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.auth", texts = "cannot be fetched")
class ExternalIssuerContractTest {

    @AutoClose
    private TestIssuer issuer;
    @AutoClose
    private Stage stage;

    @BeforeAll
    void start() throws Exception {
        issuer = new TestIssuer();
        stage = stageFor(issuer);
        stage.put("standard", "hello.txt", Stage.content(100));
        // The service itself fetches the keys once, before it is ready.
        await().until(() -> issuer.fetches() > 0);
    }

    private static Stage stageFor(TestIssuer issuer) throws Exception {
        return new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.auth.jwk-set-uri", issuer.keySet(),
                "filestream.auth.token-endpoints", "false"));
    }

    private Answer download(JWSHeader header, JWSSigner signer) {
        return stage.api().download(request("standard", "hello.txt"), credentials(
                TestTokens.access().sign(header, signer), TestTokens.session().sign(header, signer)));
    }

    private static JWSHeader header(JWSAlgorithm algorithm, JWK key) {
        return new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build();
    }

    @Test
    void rs256Ps256AndEs256TokensOfTheIssuerAreAccepted() throws JOSEException {
        assertThat(download(header(JWSAlgorithm.PS256, issuer.rsa()), new RSASSASigner(issuer.rsa())).file())
                .isEqualTo(Stage.content(100));
        assertThat(download(header(JWSAlgorithm.RS256, issuer.rsa()), new RSASSASigner(issuer.rsa())).file())
                .isEqualTo(Stage.content(100));
        assertThat(download(header(JWSAlgorithm.ES256, issuer.ec()), new ECDSASigner(issuer.ec())).file())
                .isEqualTo(Stage.content(100));
    }

    @Test
    void tokenSignedWithThePublicKeyAsAnHmacSecretGives401() throws JOSEException {
        JWSSigner confused = new MACSigner(issuer.rsa().toPublicKey().getEncoded());

        assertThat(download(header(JWSAlgorithm.HS256, issuer.rsa()), confused).status()).isEqualTo(401);
    }

    @Test
    void algorithmThatIsNotExpectedGives401() throws JOSEException {
        assertThat(download(header(JWSAlgorithm.RS512, issuer.rsa()), new RSASSASigner(issuer.rsa()))
                .status()).isEqualTo(401);
    }

    @Test
    void tokenWithAnUnknownKeyGives401() throws JOSEException {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("unknown").build();

        assertThat(download(header, new RSASSASigner(new RSAKeyGenerator(2048).generate())).status()).isEqualTo(401);
    }

    @Test
    void sessionOfAnExternalIssuerIsNotRenewedHere() throws JOSEException {
        JWSHeader header = header(JWSAlgorithm.RS256, issuer.rsa());
        Answer answer = stage.api().download(request("standard", "hello.txt"), credentials(
                TestTokens.access().sign(header, new RSASSASigner(issuer.rsa())),
                TestTokens.session().expiring(60).sign(header, new RSASSASigner(issuer.rsa()))));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("ccmessaging-token")).isNull();
    }

    @Test
    void keysThatCannotBeFetchedGive500() throws Exception {
        try (TestIssuer broken = new TestIssuer()) {
            broken.down(true);
            try (Stage cut = stageFor(broken)) {
                JWSHeader header = header(JWSAlgorithm.RS256, issuer.rsa());
                Answer answer = cut.api().download(request("standard", "hello.txt"), credentials(
                        TestTokens.access().sign(header, new RSASSASigner(issuer.rsa())),
                        TestTokens.session().sign(header, new RSASSASigner(issuer.rsa()))));

                assertThat(answer.status()).isEqualTo(500);
                assertThat(answer.text()).isEqualTo(BUSINESS_FAILURE);
                assertThat(answer.header("resultCode")).isEqualTo("500");
            }
        }
    }
}
