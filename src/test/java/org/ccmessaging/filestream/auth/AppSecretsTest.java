package org.ccmessaging.filestream.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/** A configured secret is a plain text or a hash; whoever guesses learns neither. */
class AppSecretsTest {

    private static final String HASH = "{bcrypt}" + new BCryptPasswordEncoder(4).encode("the-secret");

    private static AuthSettings settings(String... appsAndSecrets) {
        Map<String, Object> all = new HashMap<>(Map.of("filestream.auth.signing-key", Service.SIGNING_KEY));
        for (int i = 0; i < appsAndSecrets.length; i += 2) {
            all.put("filestream.auth.apps." + appsAndSecrets[i] + ".secret", appsAndSecrets[i + 1]);
            all.put("filestream.auth.apps." + appsAndSecrets[i] + ".tenant-id", "tenant");
        }
        return ShippedSettings.of("filestream.auth", AuthSettings.class, all);
    }

    @Test
    void rightSecretIsAcceptedHoweverItIsConfigured() {
        AppSecrets secrets = new AppSecrets(settings("plain", "the-secret", "marked", "{noop}the-secret", "shop", HASH,
                "apache", HASH.replace("$2a$", "$2y$"), "braces", "{noop}{unknown}the-secret"));

        for (String app : List.of("plain", "marked", "shop", "apache")) {
            assertThat(secrets.authenticate(app, "the-secret")).as(app).isPresent();
            assertThat(secrets.authenticate(app, "the-secret")).as(app + " again").isPresent();
            assertThat(secrets.authenticate(app, "the-secret ")).as(app).isEmpty();
            assertThat(secrets.authenticate(app, "")).as(app).isEmpty();
        }
        assertThat(secrets.authenticate("braces", "{unknown}the-secret")).isPresent();
        assertThat(secrets.authenticate("shop", HASH)).as("the hash itself").isEmpty();
        assertThat(secrets.authenticate("nobody", "the-secret")).isEmpty();
        assertThat(secrets.authenticate("nobody", "")).isEmpty();
    }

    @Test
    void appNeedsNoSecretWhereAnotherIssuerSignsAccessTokensAndThenNoSecretIsRight() {
        AppSecrets secrets = new AppSecrets(ShippedSettings.of("filestream.auth", AuthSettings.class, Map.of(
                "filestream.auth.access-token.jwk-set-uri", "https://login.example.com/keys",
                "filestream.auth.signing-key", Service.SIGNING_KEY, "filestream.auth.apps.shop.tenant-id", "tenant")));

        for (String secret : List.of("", "{noop}", "null")) {
            assertThat(secrets.authenticate("shop", secret)).as(secret).isEmpty();
        }
    }

    /** Each comparison takes tens of milliseconds of a processor that downloads need, too. */
    @Test
    void fewHashesAreComparedAtTheSameTimeAndASecretThatWasRightWaitsForNone() {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger comparing = new AtomicInteger();
        PasswordEncoder slow = new BCryptPasswordEncoder() {
            @Override
            protected boolean matchesNonNull(String secret, String hash) {
                comparing.incrementAndGet();
                return secret.equals("the-secret") || OwnThread.supply(() -> end.await(1, TimeUnit.MINUTES)).join();
            }
        };
        AppSecrets secrets = new AppSecrets(settings("shop", HASH), slow);
        assertThat(secrets.authenticate("shop", "the-secret")).isPresent();
        int atATime = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

        List<CompletableFuture<Boolean>> others = OwnThread.each(atATime + 4 * AppSecrets.MOST_WAITING,
                client -> secrets.authenticate("shop", "another").isPresent());

        await().until(() -> others.stream().filter(CompletableFuture::isDone).count() == 4 * AppSecrets.MOST_WAITING);
        assertThat(comparing).hasValue(1 + atATime);
        assertThat(secrets.authenticate("shop", "the-secret")).isPresent();
        end.countDown();
        await().until(() -> others.stream().allMatch(CompletableFuture::isDone));
        assertThat(others).filteredOn(CompletableFuture::isCompletedExceptionally)
                .hasSize(4 * AppSecrets.MOST_WAITING).allSatisfy(busy -> assertThat(busy).failsWithin(Duration.ZERO)
                        .withThrowableThat().havingCause().isInstanceOf(ServiceBusyException.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{bcrypt}the-secret", "{bcrypt}$2a$10$tooShort", "{pbkdf2}the-secret", "{unknown}secret",
        "{argon2@SpringSecurity_v5_8}$argon2id$v=19$m=16384,t=2,p=1$c2FsdHNhbHQ$aGFzaA", "{noop}", "{noop} ",
        "7-chars", "{noop}7-chars", "7-chars        "})
    void secretThatIsNeitherACompleteHashNorATextOfEightCharactersStopsTheStart(String secret) {
        assertThatThrownBy(() -> AppSecrets.check("the.key", new Secret(secret)))
                .isInstanceOf(InvalidSettingException.class).hasMessageContaining("the.key");
    }
}
