package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Keycloak;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ByteArrayResource;

/**
 * AccessTokens of a real Keycloak with the settings of {@code docs/identity.md}, and session tokens of applyToken. The
 * key of the realm is replaced, and Keycloak stops and starts.
 */
@Tag("service")
@Tag("tools")
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.auth", texts = "cannot be fetched")
class KeycloakContractTest {

    private static final String APP = "my-app";
    /** The tokens of this client are valid for a second. */
    private static final String BRIEF_APP = "brief-app";
    private static final String APP_WITHOUT_AUDIENCE = "app-of-another-service";
    private static final String APPS = "filestream.auth.apps.";
    private static final byte[] FILE = Stage.content(100);

    @AutoClose
    private Keycloak keycloak;
    @AutoClose
    private Stage stage;
    private String session;
    private String brief;
    private String briefSession;

    @BeforeAll
    void start() throws Exception {
        keycloak = new Keycloak();
        Map<String, Object> settings = documented(keycloak.issuer());
        settings.put("SESSION_KEY", Service.SIGNING_KEY);
        for (String app : List.of(BRIEF_APP, APP_WITHOUT_AUDIENCE)) {
            settings.put(APPS + app + ".secret", "{noop}not-used-by-applyToken");
            settings.put(APPS + app + ".tenant-id", "my-tenant");
        }
        stage = new Stage(Stage.Kind.FILESYSTEM, settings);
        stage.putAt("standard", "my-tenant/hello.txt", FILE);
        await().until(() -> stage.service().management().get("/actuator/health/readiness").status() == 200);
        brief = keycloak.token(BRIEF_APP);
        briefSession = session(BRIEF_APP, brief);
        session = session(APP, keycloak.token(APP));
    }

    /** The settings of section "Identity provider and own sessions". */
    private static Map<String, Object> documented(String issuer) throws IOException {
        String yaml = Files.readString(Path.of("docs", "identity.md"))
                .split("## Identity provider and own sessions\n")[1].split("```yaml\n")[1].split("```")[0];
        assertThat(yaml).contains("https://login.example.com/realms/shop");
        EnumerablePropertySource<?> read = (EnumerablePropertySource<?>) new YamlPropertySourceLoader().load("docs",
                new ByteArrayResource(yaml.replace("https://login.example.com/realms/shop", issuer).getBytes())).get(0);
        Map<String, Object> settings = new HashMap<>();
        Stream.of(read.getPropertyNames()).forEach(name -> settings.put(name, read.getProperty(name)));
        return settings;
    }

    private String session(String app, String accessToken) {
        Answer answer = stage.api().post(Api.APPLY_TOKEN, """
                {"userId": "alice", "userName": "Alice", "channelId": "web-1", "locale": "en"}""".getBytes(),
                "Authorization", "Bearer " + accessToken, "x-app-key", app);
        return answer.json().path("token").asText();
    }

    /** Returns a token that applyToken does not give every app. */
    private static String sessionSignedFor(String app) {
        return TestTokens.session().claim("azp", app).claim("tenantId", "my-tenant").sign();
    }

    private Answer download(String app, String accessToken, String sessionToken) {
        return stage.api().download(request("standard", "hello.txt"), "ccmessaging-token", sessionToken,
                "x-app-key", app, "Authorization", "Bearer " + accessToken);
    }

    private int status(String accessToken) {
        return download(APP, accessToken, session).status();
    }

    private List<String> tokens(int count) {
        return Stream.generate(() -> keycloak.token(APP)).limit(count).toList();
    }

    private static String keyId(String token) throws Exception {
        return SignedJWT.parse(token).getHeader().getKeyID();
    }

    /** Gives a token another expiry time, and keeps its signature. */
    private static String tampered(String token) {
        String[] parts = token.split("\\.");
        String claims = new Base64URL(parts[1]).decodeToString().replaceFirst("\"exp\":\\d+", "\"exp\":4102444800");
        String tampered = parts[0] + "." + Base64URL.encode(claims) + "." + parts[2];
        assertThat(tampered).isNotEqualTo(token);
        return tampered;
    }

    /** Signs the claims of a token with another key under the same ID. */
    private static String forged(String token) throws Exception {
        SignedJWT genuine = SignedJWT.parse(token);
        SignedJWT forged = new SignedJWT(new JWSHeader.Builder(genuine.getHeader().getAlgorithm())
                .keyID(keyId(token)).build(), genuine.getJWTClaimsSet());
        forged.sign(new RSASSASigner(new RSAKeyGenerator(2048).generate()));
        return forged.serialize();
    }

    @Test
    @Order(1)
    void documentedSettingsServeAClientOfTheRealm() {
        assertThat(download(APP, keycloak.token(APP), session).file()).isEqualTo(FILE);
        assertThat(download(BRIEF_APP, brief, briefSession).file()).isEqualTo(FILE);
    }

    @Test
    @Order(1)
    void clientWithoutTheAudienceOrWithoutAnEntryIsRefused() {
        assertThat(download(APP, keycloak.token(APP), sessionSignedFor(APP)).file()).isEqualTo(FILE);
        for (String app : List.of("unlisted-app", APP_WITHOUT_AUDIENCE)) {
            assertThat(download(app, keycloak.token(app), sessionSignedFor(app)).status()).isEqualTo(401);
        }
    }

    @Test
    @Order(2)
    void keyOfTheRealmIsReplacedAndTokensOfBothKeysAreAccepted() throws Exception {
        List<String> before = tokens(2);
        keycloak.rotate();
        String after = keycloak.token(APP);
        assertThat(keyId(after)).isNotEqualTo(keyId(before.get(0)));
        assertThat(keycloak.keySet()).contains(keyId(before.get(0)), keyId(after));

        assertThat(download(APP, after, session).file()).isEqualTo(FILE);
        assertThat(before).allMatch(token -> status(token) == 200);
        assertThat(status(tampered(before.get(0)))).isEqualTo(401);
    }

    /** {@code KeySetSimulationTest} sends requests at each moment of a replaced key and of an issuer that is down. */
    @Test
    @Order(3)
    void keycloakThatStopsAndStartsNeitherRefusesNorAcceptsARequestWrongly() throws Exception {
        List<String> genuine = tokens(4);
        String forged = forged(genuine.get(0));
        await().until(() -> download(BRIEF_APP, brief, briefSession).status() == 401);
        assertThat(status(genuine.get(0))).isEqualTo(200);

        keycloak.stop();
        assertThat(genuine.subList(0, 2)).as("verified before, and unknown").allMatch(token -> status(token) == 200);
        assertRefused(tampered(genuine.get(0)), forged);

        keycloak.start();
        assertThat(genuine.subList(0, 3)).allMatch(token -> status(token) == 200);
        assertThat(status(keycloak.token(APP))).isEqualTo(200);
        assertRefused(tampered(genuine.get(0)), forged);
    }

    /** Those, and the one that has expired. */
    private void assertRefused(String... accessTokens) {
        assertThat(accessTokens).allMatch(token -> status(token) == 401);
        assertThat(download(BRIEF_APP, brief, briefSession).status()).isEqualTo(401);
    }
}
