package org.ccmessaging.filestream.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.settings.HealthSettings;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.MountedSecret;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Secrets in files are used from the moment on that their content changes. */
@Execution(ExecutionMode.CONCURRENT)
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.auth", texts = {"stays in use", "plain texts"})
class FileSecretTest {

    private static final String OLD = "the old secret of 32 bytes and more";
    private static final String NEW = "the new secret of 32 bytes and more";

    private final List<TokenKeys> started = new ArrayList<>();

    @TempDir
    private Path folder;

    private static AuthSettings settings(Object... more) {
        Map<String, Object> all = new HashMap<>();
        for (int i = 0; i < more.length; i += 2) {
            all.put("filestream.auth." + more[i], more[i + 1]);
        }
        return ShippedSettings.of("filestream.auth", AuthSettings.class, all);
    }

    private Tokens tokens(AuthSettings settings) {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        TokenKeys keys = new TokenKeys(settings, new HealthSettings(Duration.ofSeconds(1)), meters);
        keys.start();
        started.add(keys);
        return new Tokens(new TokenIssuer(settings, Clock.systemUTC()),
                new TokenVerifier(settings, keys, Clock.systemUTC(), meters));
    }

    @AfterEach
    void stop() {
        started.forEach(TokenKeys::stop);
    }

    /** Issues and verifies tokens. */
    private record Tokens(TokenIssuer issuer, TokenVerifier verifier) {

        String issue() {
            return issue("app");
        }

        /** Tokens for one app are equal if they are of the same second. */
        String issue(String app) {
            return issuer.issueAccessToken(app, Duration.ofMinutes(10)).value();
        }

        boolean accepts(String token) {
            try {
                return verifier.verifyAccessToken(token) != null;
            } catch (UnauthorizedException refused) {
                return false;
            }
        }
    }

    @Test
    void keysWhoseFilesExchangeTheirContentsBothVerifyAtAnyMomentAndTheNewFirstOneSigns() throws Exception {
        MountedSecret mounted = new MountedSecret(folder, Map.of("key", OLD + "\n", "other", NEW));
        Tokens tokens = tokens(settings("signing-key", Service.SIGNING_KEY,
                "access-token.signing-keys[0].secret-file", mounted.file("key"),
                "access-token.signing-keys[1].secret-file", mounted.file("other")));
        Tokens byOld = tokens(settings("signing-key", OLD));
        Tokens byNew = tokens(settings("signing-key", NEW));
        String before = tokens.issue("before");
        assertThat(byOld.accepts(before)).isTrue();

        mounted.update(Map.of("key", NEW + "\n", "other", OLD));

        await().during(Duration.ofSeconds(2)).until(() -> {
            String app = "app-" + System.nanoTime();
            return tokens.accepts(byNew.issue(app)) && tokens.accepts(byOld.issue(app)) && tokens.accepts(before);
        });
        await().until(() -> byNew.accepts(tokens.issue()));
    }

    @Test
    void secretOfAnAppIsReplaced() throws Exception {
        Path file = Files.writeString(folder.resolve("app"), "old-secret\n");
        AuthSettings settings = settings("signing-key", Service.SIGNING_KEY,
                "apps.shop.secret-file", file.toString(), "apps.shop.tenant-id", "tenant");
        tokens(settings);
        AppSecrets secrets = new AppSecrets(settings);
        assertThat(secrets.authenticate("shop", "old-secret")).isPresent();

        Files.writeString(file, "new-secret\n");

        await().until(() -> secrets.authenticate("shop", "new-secret").isPresent());
        assertThat(secrets.authenticate("shop", "old-secret")).isEmpty();
    }

    @Test
    void fileThatVanishesOrIsInvalidKeepsTheLastSecretAndLogsOneErrorWithoutARequest() throws Exception {
        Path file = Files.writeString(folder.resolve("vanishing"), OLD);
        Tokens tokens = tokens(settings("signing-key-file", file.toString()));
        String before = tokens.issue("before");
        try (LoggedLines lines = new LoggedLines(FileSecret.class.getName())) {
            Files.delete(file);
            await().until(() -> texts(lines, file).count() == 1);
            Files.writeString(file, "too short");
            await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(10))
                    .until(() -> tokens.accepts(tokens.issue()) && texts(lines, file).count() == 1);
            assertThat(texts(lines, file)).singleElement().asString().contains("filestream.auth.signing-key-file");

            // Java throws an OutOfMemoryError for a file of this size.
            try (RandomAccessFile huge = new RandomAccessFile(file.toFile(), "rw")) {
                huge.setLength(3L << 30);
                await().during(Duration.ofSeconds(2)).until(() -> tokens.accepts(tokens.issue()));
            }
            Files.writeString(file, NEW);
            await().until(() -> texts(lines, file).count() == 2);
        }
        assertThat(tokens.accepts(before)).isFalse();
    }

    private static Stream<String> texts(LoggedLines lines, Path file) {
        return lines.texts().stream().filter(text -> text.contains(file.toString()));
    }

    @Test
    void fileThatIsMissingOrInvalidAtStartStopsIt() throws Exception {
        assertThatThrownBy(() -> settings("signing-key-file", folder.resolve("missing").toString()))
                .rootCause().hasMessageContaining("filestream.auth.signing-key-file = \"" + folder.resolve("missing")
                        + "\": expected a file that can be read as UTF-8: java.nio.file.NoSuchFileException");
        String tooShort = Files.writeString(folder.resolve("short"), "too short").toString();
        assertThatThrownBy(() -> settings("session-token.signing-keys[0].secret-file", tooShort,
                "signing-key", Service.SIGNING_KEY)).rootCause().hasMessageContaining(
                        "filestream.auth.session-token.signing-keys[0].secret-file = \"(secret, 9 characters)\"");
        assertThatThrownBy(() -> settings("signing-key", Service.SIGNING_KEY, "signing-key-file", tooShort))
                .rootCause().hasMessageContaining("either it or filestream.auth.signing-key, not both");
        assertThatThrownBy(() -> settings("signing-key", Service.SIGNING_KEY, "apps.shop.tenant-id", "tenant",
                "apps.shop.secret-file", Files.writeString(folder.resolve("blank"), "\n").toString()))
                .rootCause().hasMessageContaining("filestream.auth.apps.shop.secret-file");
    }

    @Test
    void secretThatIsBlankOrThatItsCheckRefusesIsNoSecret() {
        assertThatThrownBy(() -> FileSecret.of("key", new Secret(" "), null, (key, secret) -> { }))
                .isInstanceOf(InvalidSettingException.class);
        assertThatThrownBy(() -> FileSecret.of("key", new Secret("short"), null, TrustedIssuer::requireLong))
                .isInstanceOf(InvalidSettingException.class);
    }
}
