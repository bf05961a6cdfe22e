package org.ccmessaging.filestream.auth;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.ccmessaging.filestream.auth.AuthSettings.App;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Checks app secrets. A configured secret is a plain text, a text after {@code {noop}}, or a hash after
 * {@code {bcrypt}}.
 */
@Component
final class AppSecrets {

    private static final String BCRYPT = "{bcrypt}";
    private static final String PLAIN = "{noop}";
    private static final Pattern HASH = Pattern.compile("\\{bcrypt}\\$2[aby]?\\$\\d\\d\\$[./0-9A-Za-z]{53}");

    /** Minimum length of a plain-text secret (NIST SP 800-63B). */
    private static final int SHORTEST = 8;

    /** Maximum number of requests that wait for a hash comparison. A waiting request occupies a thread. */
    static final int MOST_WAITING = 16;

    private final Map<String, App> apps;
    private final PasswordEncoder encoder;

    /** Limits hash comparisons to half of the processors, so that downloads get the other half. */
    private final Semaphore comparisons =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);

    /** Digests of verified secrets by app key. A later request with the same secret skips bcrypt (60 ms). */
    private final Map<String, String> known = new ConcurrentHashMap<>();

    @Autowired
    AppSecrets(AuthSettings settings) {
        this(settings, new BCryptPasswordEncoder());
    }

    AppSecrets(AuthSettings settings, PasswordEncoder encoder) {
        this.apps = settings.apps();
        this.encoder = encoder;
    }

    static void check(String key, Secret secret) {
        String configured = secret == null ? "" : secret.reveal();
        SettingChecks.refuseIf(plain(configured).strip().length() < SHORTEST, key, secret,
                "a secret of at least " + SHORTEST + " characters; `openssl rand -base64 32` makes a good one");
        SettingChecks.refuseIf(configured.startsWith("{") && !configured.startsWith(PLAIN)
                && !HASH.matcher(configured).matches(), key, secret, "a complete hash, such as {bcrypt}$2y$10$ and 53"
                        + " more characters, or {noop} before a plain text");
    }

    private static String plain(String configured) {
        return configured.startsWith(PLAIN) ? configured.substring(PLAIN.length()) : configured;
    }

    /**
     * Returns the app if the secret is right. App keys are not secret, so the response time may show which keys exist.
     *
     * @throws ServiceBusyException if too many requests wait for a hash comparison, the wait exceeds 1 s, or the
     *     service stops
     */
    Optional<App> authenticate(String appKey, String secret) {
        App app = apps.get(appKey);
        if (app == null) {
            return Optional.empty();
        }
        String configured = app.secret().reveal();
        if (!configured.startsWith(BCRYPT)) {
            return new Secret(plain(configured)).matches(secret) ? Optional.of(app) : Optional.empty();
        }
        String digest = DigestUtils.sha256Hex(configured + '\n' + secret);
        if (!digest.equals(known.get(appKey)) && !matches(secret, configured)) {
            return Optional.empty();
        }
        known.put(appKey, digest);
        return Optional.of(app);
    }

    private boolean matches(String secret, String hash) {
        try {
            if (comparisons.getQueueLength() >= MOST_WAITING || !comparisons.tryAcquire(1, TimeUnit.SECONDS)) {
                throw new ServiceBusyException("too many secrets of apps are compared with hashes");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new ServiceBusyException("the service stops");
        }
        try {
            return encoder.matches(secret, hash.substring(BCRYPT.length()));
        } finally {
            comparisons.release();
        }
    }
}
