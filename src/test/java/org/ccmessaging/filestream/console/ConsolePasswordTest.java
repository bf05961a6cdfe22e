package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.ccmessaging.filestream.auth.HandTimedBrake;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Guesses of the console's password: the page is the same for all of them, and after some none is compared. */
@Tag("service")
@ResourceLock(Stage.MBEANS)
@ExpectedErrors.Of(logger = "audit", texts = "brake on guessing started")
class ConsolePasswordTest {

    private static String resultOf(URI base, String password) {
        HttpResponse<String> answer = new ConsoleSession(base, false).logIn(ConsoleSession.USER, password);
        assertThat(answer.statusCode()).isEqualTo(302);
        return answer.headers().firstValue("Location").orElseThrow().replace(base.toString(), "");
    }

    @Test
    void guesserIsRefusedUntilTheWaitIsOver() throws Exception {
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, ConsoleSession.SETTINGS,
                HandTimedBrake.class)) {
            URI base = stage.service().management().base();
            for (int guess = 0; guess < 15; guess++) {
                assertThat(resultOf(base, "guess-" + guess)).isEqualTo("/login?error");
            }

            String metrics = stage.metrics();
            assertThat(metrics).containsPattern(
                    "filestream_auth_guesses_total\\{outcome=\"wrong\",where=\"console\"} 10\\.0");
            assertThat(metrics).containsPattern(
                    "filestream_auth_guesses_total\\{outcome=\"braked\",where=\"console\"} [1-9]\\d?\\.0");
            stage.service().bean(HandTimedBrake.class).advance(Duration.ofMinutes(5));
            assertThat(resultOf(base, ConsoleSession.PASSWORD)).isEqualTo("/actuator/hawtio/");
        }
    }

    @Test
    void guesserByBasicIsRefusedUntilTheWaitIsOver() throws Exception {
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, ConsoleSession.SETTINGS,
                HandTimedBrake.class)) {
            for (int guess = 0; guess < 30; guess++) {
                assertThat(statusOf(stage, "guess-" + guess)).isEqualTo(401);
            }

            assertThat(statusOf(stage, ConsoleSession.PASSWORD)).isEqualTo(401);
            assertThat(stage.metrics()).containsPattern(
                    "filestream_auth_guesses_total\\{outcome=\"braked\",where=\"console\"} [1-9]\\d?\\.0");
            stage.service().bean(HandTimedBrake.class).advance(Duration.ofMinutes(5));
            assertThat(statusOf(stage, ConsoleSession.PASSWORD)).isEqualTo(200);
        }
    }

    @Test
    void consoleThatHasAProviderAndNoPasswordAcceptsNone() throws Exception {
        String oidc = "filestream.console.oidc.";
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of(oidc + "issuer-uri", "http://127.0.0.1:1/staff",
                oidc + "client-id", "filestream", oidc + "client-secret", "client-secret-for-tests"))) {
            assertThat(statusOf(stage, ConsoleSession.PASSWORD)).isEqualTo(401);
            assertThat(statusOf(stage, "null")).isEqualTo(401);
        }
    }

    private static int statusOf(Stage stage, String password) {
        String login = ConsoleSession.USER + ":" + password;
        String response = stage.service().management().raw("GET /actuator/routes HTTP/1.1\r\nHost: localhost\r\n"
                + "Connection: close\r\nAuthorization: Basic "
                + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)) + "\r\n\r\n");
        return Integer.parseInt(response.substring(9, 12));
    }
}
