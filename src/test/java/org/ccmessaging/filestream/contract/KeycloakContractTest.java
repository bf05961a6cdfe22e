package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;

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
import org.ccmessaging.filestream.support.Keycloak;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ByteArrayResource;

/**
 * AccessTokens of a real Keycloak with the settings of {@code docs/identity.md}, and session tokens of applyToken. The
 * key of the realm is replaced. {@code KeySetSimulationTest} sends requests at each moment of a replaced key and of an
 * issuer that is down.
 */
@Tag("service")
@Tag("tools")
@Tag("full")
class KeycloakContractTest {

    private static final String APP = "my-app";
    private static final String APP_WITHOUT_AUDIENCE = "app-of-another-service";
    private static final String APPS = "filestream.auth.apps.";
    private static final byte[] FILE = Stage.content(100);

    @AutoClose
    private static Keycloak keycloak;
    @AutoClose
    private static Stage stage;
    private static String session;

    @BeforeAll
    static void start() throws Exception {
        keycloak = new Keycloak();
        Map<String, Object> settings = documented(keycloak.issuer());
        settings.put("SESSION_KEY", Service.SIGNING_KEY);
        settings.put(APPS + APP_WITHOUT_AUDIENCE + ".secret", "{noop}not-used-by-applyToken");
        settings.put(APPS + APP_WITHOUT_AUDIENCE + ".tenant-id", "my-tenant");
        stage = new Stage(Stage.Kind.FILESYSTEM, settings);
        stage.putAt("standard", "my-tenant/hello.txt", FILE);
        await().until(() -> stage.service().management().get("/actuator/health/readiness").status() == 200);
        session = stage.api().post(Api.APPLY_TOKEN, """
                {"userId": "alice", "userName": "Alice", "channelId": "web-1", "locale": "en"}""".getBytes(),
                "Authorization", "Bearer " + keycloak.token(APP), "x-app-key", APP).json().path("token").asText();
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

    /** Returns a token that applyToken does not give every app. */
    private static String sessionSignedFor(String app) {
        return TestTokens.session().claim("azp", app).claim("tenantId", "my-tenant").sign();
    }

    private Answer download(String app, String accessToken, String sessionToken) {
        return stage.api().download(request("standard", "hello.txt"), "ccmessaging-token", sessionToken,
                "x-app-key", app, "Authorization", "Bearer " + accessToken);
    }

    private static String keyId(String token) throws Exception {
        return SignedJWT.parse(token).getHeader().getKeyID();
    }

    @Test
    void clientWithoutTheAudienceOrWithoutAnEntryIsRefused() {
        assertThat(download(APP, keycloak.token(APP), sessionSignedFor(APP)).file()).isEqualTo(FILE);
        for (String app : List.of("unlisted-app", APP_WITHOUT_AUDIENCE)) {
            assertThat(download(app, keycloak.token(app), sessionSignedFor(app)).status()).isEqualTo(401);
        }
    }

    @Test
    void documentedSettingsServeAClientOfTheRealmBeforeAndAfterItsKeyIsReplaced() throws Exception {
        String verified = keycloak.token(APP);
        assertThat(download(APP, verified, session).file()).isEqualTo(FILE);
        String before = keycloak.token(APP);
        keycloak.rotate();
        String after = keycloak.token(APP);
        assertThat(keyId(after)).isNotEqualTo(keyId(before));
        assertThat(keycloak.keySet()).contains(keyId(before), keyId(after));

        for (String token : List.of(after, before, verified)) {
            assertThat(download(APP, token, session).file()).isEqualTo(FILE);
        }
    }
}
