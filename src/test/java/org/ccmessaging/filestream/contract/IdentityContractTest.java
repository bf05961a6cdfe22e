package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestIssuer;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * AccessTokens of the company's identity provider and of a former one, each with its claims, and session tokens of the
 * service. {@code KeycloakContractTest} has tokens of another program, whose key is replaced.
 */
@Tag("service")
class IdentityContractTest {

    private static final String SESSION = "filestream.auth.session-token.";
    private static final String ACCESS = "filestream.auth.access-token.";

    @AutoClose
    private static TestIssuer company;
    @AutoClose
    private static TestIssuer former;
    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        company = new TestIssuer();
        former = new TestIssuer();
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of(ACCESS + "issuer-uri", company.uri(),
                ACCESS + "audience", "files", ACCESS + "claims.app-key", "resource.app",
                ACCESS + "issuers.former.issuer", former.uri(),
                ACCESS + "issuers.former.jwk-set-uri", former.keySet(),
                SESSION + "signing-keys[0].kid", "new", SESSION + "signing-keys[0].secret", Service.SIGNING_KEY,
                "filestream.auth.session-grace", "10m", "filestream.auth.only-listed-apps", "true"));
        stage.put("standard", "hello.txt", Stage.content(100));
        await().until(() -> company.fetches() > 0 && former.fetches() > 0);
    }

    private static TestTokens access() {
        return TestTokens.access().with(claims -> claims.audience("files").subject("0c1d"))
                .claim("resource", Map.of("app", TestTokens.APP_KEY));
    }

    private Answer download(String accessToken, String sessionToken) {
        return stage.api().download(request("standard", "hello.txt"), credentials(accessToken, sessionToken));
    }

    private void assertServed(String accessToken) {
        assertThat(download(accessToken, TestTokens.session().sign()).file()).isEqualTo(Stage.content(100));
    }

    private void assertRefused(String accessToken) {
        assertThat(download(accessToken, TestTokens.session().sign()).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "jwt", "at+jwt", "application/at+jwt"})
    void accessTokenWithATypeOfItsOwnIsAcceptedAndOneOfAnotherKindIsNot(String type) {
        assertServed(company.sign(access(), type));
        assertRefused(company.sign(access(), "dpop+jwt"));
        assertRefused(company.sign(access(), "logout+jwt"));
    }

    private String signed(JWSAlgorithm algorithm, JWK key, JWSSigner signer) {
        return access().with(claims -> claims.issuer(company.uri()))
                .sign(new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), signer);
    }

    @Test
    void onlyAlgorithmsOfTheListAndKeysOfTheIssuerVerify() throws JOSEException {
        RSASSASigner rsa = new RSASSASigner(company.rsa());
        assertServed(signed(JWSAlgorithm.PS256, company.rsa(), rsa));
        assertServed(signed(JWSAlgorithm.ES256, company.ec(), new ECDSASigner(company.ec())));

        assertRefused(signed(JWSAlgorithm.RS512, company.rsa(), rsa));
        MACSigner publicKeyAsSecret = new MACSigner(company.rsa().toPublicKey().getEncoded());
        assertRefused(signed(JWSAlgorithm.HS256, company.rsa(), publicKeyAsSecret));
        for (String id : List.of("unknown", company.rsa().getKeyID())) {
            RSAKey stranger = new RSAKeyGenerator(2048).keyID(id).generate();
            assertRefused(signed(JWSAlgorithm.RS256, stranger, new RSASSASigner(stranger)));
        }
    }

    @Test
    void issOfATokenSelectsItsIssuer() throws Exception {
        assertServed(former.sign(TestTokens.access()));
        try (TestIssuer stranger = new TestIssuer()) {
            assertRefused(stranger.sign(access()));
            assertThat(stranger.fetches()).isZero();
        }
        // Each issuer has its own audience, and its own keys.
        assertRefused(former.sign(access()));
        assertRefused(company.sign(TestTokens.access()));
        assertRefused(TestTokens.access().sign());
    }

    @Test
    void expiredSessionTokenIsRenewedWithinItsGrace() {
        Answer renewed = download(company.sign(access()), TestTokens.session().expiring(-300).sign());

        assertThat(renewed.file()).isEqualTo(Stage.content(100));
        assertThat(download(company.sign(access()), renewed.header("ccmessaging-token")).file())
                .isEqualTo(Stage.content(100));
        assertThat(download(company.sign(access()), TestTokens.session().expiring(-700).sign()).status())
                .isEqualTo(401);
        assertRefused(company.sign(access().expiring(-300)));
    }
}
