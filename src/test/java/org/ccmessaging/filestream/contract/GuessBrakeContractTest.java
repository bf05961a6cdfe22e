package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.TOKEN_BY_AK_SK;
import static org.ccmessaging.filestream.support.Outcomes.UNAUTHORIZED;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/**
 * Contract section 5: guesses of an app's secret get the 401 of a wrong pair, and after some of them nothing else.
 * {@code GuessBrakeTest} shows for how long.
 */
@Tag("service")
@ExpectedErrors.Of(logger = "audit", texts = "brake on guessing started")
class GuessBrakeContractTest {

    private static Answer tokenByAkSk(Stage stage, String secret, String... headers) {
        String pair = "{\"app_key\":\"demo-app\",\"app_secret\":\"" + secret + "\"}";
        return stage.api().post(TOKEN_BY_AK_SK, pair.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static void assertRefusedAsAWrongPair(Answer answer) {
        assertThat(answer.text()).isEqualTo(UNAUTHORIZED);
        assertThat(answer.headerNames()).doesNotContain("retry-after");
    }

    /** @param forwarded strategy of the management port for the same headers; native is the default on Kubernetes */
    @ParameterizedTest
    @ValueSource(strings = {"none", "native"})
    void clientsBehindATrustedProxyAreDifferentSenders(String forwarded) throws Exception {
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.http.trusted-proxies",
                "127.0.0.0/8, ::1/128, 10.0.0.0/8", "server.forward-headers-strategy", forwarded))) {
            for (int guess = 0; guess < 20; guess++) {
                // Whatever stands before the last address that is no proxy, the client may have written.
                assertRefusedAsAWrongPair(tokenByAkSk(stage, "guess-" + guess, "X-Forwarded-For",
                        "198.51.100." + guess + ", 203.0.113.7, 10.1.2." + guess));
            }

            assertThat(guesses(stage, "braked")).isEqualTo(10);
            assertRefusedAsAWrongPair(tokenByAkSk(stage, "demo-secret", "X-Forwarded-For", "203.0.113.8, 203.0.113.7"));
            assertThat(tokenByAkSk(stage, "demo-secret", "X-Forwarded-For", "203.0.113.8").status()).isEqualTo(200);
            assertThat(tokenByAkSk(stage, "demo-secret", "X-Forwarded-For", "localhost, nobody").status())
                    .as("no address, so that of the proxy").isEqualTo(200);
        }
    }

    private static double guesses(Stage stage, String outcome) {
        return stage.metric("filestream_auth_guesses_total{outcome=\"" + outcome + "\",where=\"token-by-ak-sk\"}");
    }

    /** A hash takes long to compare. A request that comes meanwhile learns nothing: its secret may be right. */
    @Test
    void tenOfManySimultaneousGuessesAreComparedAndThenNoSecretWhateverAddressHeadersName() throws Exception {
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.auth.apps.demo-app.secret",
                "{bcrypt}" + new BCryptPasswordEncoder(8).encode("demo-secret")))) {
            List<CompletableFuture<Answer>> guesses =
                    OwnThread.each(200, guess -> tokenByAkSk(stage, "guess-" + guess));
            assertThat(guesses).extracting(guess -> guess.get(1, TimeUnit.MINUTES).status()).containsOnly(401, 503);
            for (int guess = 0; guess < 15; guess++) {
                assertRefusedAsAWrongPair(tokenByAkSk(stage, "guess-" + guess));
            }
            assertThat(guesses(stage, "wrong")).isEqualTo(10);
            assertRefusedAsAWrongPair(tokenByAkSk(stage, "demo-secret"));
            assertRefusedAsAWrongPair(tokenByAkSk(stage, "demo-secret", "X-Forwarded-For", "203.0.113.9",
                    "Forwarded", "for=203.0.113.9", "clientAddress", "203.0.113.9"));
        }
    }
}
