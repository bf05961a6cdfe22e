package org.ccmessaging.filestream.auth;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.ccmessaging.filestream.auth.AuthSettings.App;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Compares the secrets of apps. A configured secret is a bcrypt hash after {@code {bcrypt}}, or a plain text.
 * {@code {noop}} before a plain text suppresses the warning at startup.
 */
@Component
final class AppSecrets {

    private static final Logger LOG = LoggerFactory.getLogger(AppSecrets.class);

    private static final String BCRYPT = "{bcrypt}";
    private static final String PLAIN = "{noop}";
    private static final Pattern HASH = Pattern.compile("\\{bcrypt}\\$2[aby]?\\$\\d\\d\\$[./0-9A-Za-z]{53}");

    private final Map<String, App> apps;
    private final BCryptPasswordEncoder encoder = new BCryptPasswordEncoder();

    /** Digests of each app's hash and its right secret. A hash costs some 60 ms, and apps fetch tokens often. */
    private final Map<String, String> known = new ConcurrentHashMap<>();

    AppSecrets(AuthSettings settings) {
        this.apps = settings.apps();
        List<String> plain = apps.keySet().stream().filter(app -> !apps.get(app).secret().reveal().startsWith("{"))
                .sorted().toList();
        if (!plain.isEmpty()) {
            LOG.warn("The secrets of these apps are plain texts in the configuration: {}. `htpasswd -B` makes a hash"
                    + " (docs/identity.md)", plain);
        }
    }

    static void check(String key, Secret secret) {
        String configured = secret.reveal();
        SettingChecks.refuseIf(plain(configured).isBlank(), key, secret, "a secret");
        SettingChecks.refuseIf(configured.startsWith("{") && !configured.startsWith(PLAIN)
                && !HASH.matcher(configured).matches(), key, secret, "a complete hash, such as {bcrypt}$2y$10$ and 53"
                        + " more characters, or {noop} before a plain text");
    }

    private static String plain(String configured) {
        return configured.startsWith(PLAIN) ? configured.substring(PLAIN.length()) : configured;
    }

    /**
     * Returns the app if the secret is right. The response time does not show which apps exist: an unknown app, and one
     * with a plain secret, cost a comparison with the hash of some app, if any app has one.
     */
    Optional<App> authenticate(String appKey, String secret) {
        App app = apps.get(appKey);
        String configured = app == null ? "" : app.secret().reveal();
        boolean right;
        if (configured.startsWith(BCRYPT)) {
            String digest = DigestUtils.sha256Hex(configured + '\n' + secret);
            right = digest.equals(known.get(appKey)) || matches(secret, configured);
            if (right) {
                known.put(appKey, digest);
            }
        } else {
            right = new Secret(plain(configured)).matches(secret) && app != null;
            if (!right) {
                apps.values().stream().map(other -> other.secret().reveal()).filter(hash -> hash.startsWith(BCRYPT))
                        .findFirst().ifPresent(hash -> matches(secret, hash));
            }
        }
        return right ? Optional.of(app) : Optional.empty();
    }

    private boolean matches(String secret, String hash) {
        return encoder.matches(secret, hash.substring(BCRYPT.length()));
    }
}
