package org.ccmessaging.filestream.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** A configured secret is a plain text or a hash; whoever guesses learns neither. */
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.auth.AppSecrets", texts = "plain texts")
class AppSecretsTest {

    private static final String KEY = "filestream.auth.apps.shop.secret";

    private static AppSecrets secrets(String... appsAndSecrets) {
        Map<String, Object> all = new HashMap<>(Map.of("filestream.auth.signing-key", Service.SIGNING_KEY));
        for (int i = 0; i < appsAndSecrets.length; i += 2) {
            all.put("filestream.auth.apps." + appsAndSecrets[i] + ".secret", appsAndSecrets[i + 1]);
            all.put("filestream.auth.apps." + appsAndSecrets[i] + ".tenant-id", "tenant");
        }
        return new AppSecrets(ShippedSettings.of("filestream.auth", AuthSettings.class, all));
    }

    private static String bcrypt(int cost, String secret) {
        return "{bcrypt}" + new BCryptPasswordEncoder(cost).encode(secret);
    }

    @Test
    void rightSecretIsAcceptedHoweverItIsConfigured() {
        AppSecrets secrets = secrets("plain", "the-secret", "marked", "{noop}the-secret",
                "shop", bcrypt(4, "the-secret"), "apache", bcrypt(4, "the-secret").replace("$2a$", "$2y$"),
                "braces", "{noop}{unknown}the-secret");

        for (String app : new String[] {"plain", "marked", "shop", "apache"}) {
            assertThat(secrets.authenticate(app, "the-secret")).as(app).isPresent();
            assertThat(secrets.authenticate(app, "the-secret")).as(app + " again").isPresent();
            assertThat(secrets.authenticate(app, "the-secret ")).as(app).isEmpty();
            assertThat(secrets.authenticate(app, "")).as(app).isEmpty();
        }
        assertThat(secrets.authenticate("braces", "{unknown}the-secret")).isPresent();
        assertThat(secrets.authenticate("nobody", "the-secret")).isEmpty();
        assertThat(secrets.authenticate("nobody", "")).isEmpty();
    }

    @Test
    void appNeedsNoSecretWhereAnotherIssuerSignsAccessTokensAndThenNoSecretIsRight() {
        AppSecrets secrets = new AppSecrets(ShippedSettings.of("filestream.auth", AuthSettings.class, Map.of(
                "filestream.auth.access-token.jwk-set-uri", "https://login.example.com/keys",
                "filestream.auth.signing-key", Service.SIGNING_KEY, "filestream.auth.apps.shop.tenant-id", "tenant")));

        for (String secret : new String[] {"", "{noop}", "null"}) {
            assertThat(secrets.authenticate("shop", secret)).as(secret).isEmpty();
        }
    }

    @Test
    void hashItselfIsNoSecret() {
        String hash = bcrypt(4, "the-secret");

        assertThat(secrets("shop", hash).authenticate("shop", hash)).isEmpty();
    }

    /** Which apps exist, and whose secret is plain, does not show in the time of a response. */
    @Test
    void unknownAppCostsAsMuchTimeAsAWrongSecret() {
        AppSecrets secrets = secrets("shop", bcrypt(11, "the-secret"), "plain", "the-secret");
        time(secrets, "shop");
        long wrong = time(secrets, "shop");

        assertThat(time(secrets, "nobody")).isGreaterThan(wrong / 4);
        assertThat(time(secrets, "plain")).isGreaterThan(wrong / 4);
    }

    private static long time(AppSecrets secrets, String app) {
        long start = System.nanoTime();
        assertThat(secrets.authenticate(app, "wrong")).isEmpty();
        return System.nanoTime() - start;
    }

    @Test
    void plainSecretsGiveOneWarningWithTheirApps() {
        try (LoggedLines lines = new LoggedLines(AppSecrets.class.getName())) {
            secrets("one", "the-secret", "two", "the-secret", "three", bcrypt(4, "the-secret"), "four", "{noop}secret");

            assertThat(lines.texts()).singleElement().asString().contains("[one, two]").doesNotContain("the-secret");
        }
        try (LoggedLines lines = new LoggedLines(AppSecrets.class.getName())) {
            secrets("three", bcrypt(4, "the-secret"));

            assertThat(lines.texts()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{bcrypt}the-secret", "{bcrypt}$2a$10$tooShort", "{pbkdf2}the-secret", "{unknown}secret",
        "{argon2@SpringSecurity_v5_8}$argon2id$v=19$m=16384,t=2,p=1$c2FsdHNhbHQ$aGFzaA", "{noop}", "{noop} "})
    void secretThatIsNeitherACompleteHashNorATextStopsTheStart(String secret) {
        assertThatThrownBy(() -> AppSecrets.check(KEY, new Secret(secret)))
                .isInstanceOf(InvalidSettingException.class).hasMessageContaining(KEY);
    }
}
