package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
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

    @Test
    void guesserIsRefusedUntilTheWaitIsOver() throws Exception {
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, ConsoleSession.SETTINGS)) {
            URI base = stage.service().management().base();
            for (int guess = 0; guess < 15; guess++) {
                assertThat(new ConsoleSession(base, false).logIn(ConsoleSession.USER, "guess-" + guess).headers()
                        .firstValue("Location")).hasValue(base + "/login?error");
                assertThat(statusOf(stage, "guess-" + guess)).isEqualTo(401);
            }

            assertThat(statusOf(stage, ConsoleSession.PASSWORD)).isEqualTo(401);
            assertThat(stage.metrics()).containsPattern(
                    "filestream_auth_guesses_total\\{outcome=\"braked\",where=\"console\"} [1-9]\\d?\\.0");
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(statusOf(stage, ConsoleSession.PASSWORD)).isEqualTo(200));
        }
    }

    @Test
    void consoleThatHasAProviderAndNoPasswordAcceptsNone() throws Exception {
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, ConsoleOidcTest.provider("http://127.0.0.1:1/staff"))) {
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
