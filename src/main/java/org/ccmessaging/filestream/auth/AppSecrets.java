package org.ccmessaging.filestream.auth;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.ccmessaging.filestream.auth.AuthSettings.App;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;
import org.springframework.util.ClassUtils;

/**
 * Compares the secrets of apps. A configured secret is a hash after its algorithm in braces, or a plain text.
 * {@code {noop}} before a plain text suppresses the warning at startup.
 */
@Component
final class AppSecrets {

    private static final Logger LOG = LoggerFactory.getLogger(AppSecrets.class);

    private static final Pattern HASH = Pattern.compile("\\{(bcrypt|pbkdf2|scrypt|argon2)(@SpringSecurity_v5_8)?}.+");
    private static final Pattern COMPLETE = Pattern.compile("\\{bcrypt}\\$2[aby]?\\$\\d\\d\\$[./0-9A-Za-z]{53}"
            + "|\\{pbkdf2(@SpringSecurity_v5_8)?}([0-9a-f]{2}){32,}|\\{(scrypt|argon2)(@SpringSecurity_v5_8)?}\\$.+");
    private static final Pattern PLAIN = Pattern.compile("^\\{noop}");

    /** Spring Security needs Bouncy Castle to compute scrypt and Argon2. The jar does not have it. */
    static final boolean BOUNCY_CASTLE =
            ClassUtils.isPresent("org.bouncycastle.crypto.generators.Argon2BytesGenerator", null);

    private final Map<String, App> apps;
    private final PasswordEncoder encoder = PasswordEncoderFactories.createDelegatingPasswordEncoder();

    /** Digests of each app's hash and its right secret. A hash costs some 60 ms, and apps fetch tokens often. */
    private final Map<String, String> known = new ConcurrentHashMap<>();

    AppSecrets(AuthSettings settings) {
        this.apps = settings.apps();
        List<String> plain = apps.keySet().stream().filter(app -> !PLAIN.matcher(apps.get(app).secret().reveal()).find()
                && !isHash(apps.get(app).secret().reveal())).sorted().toList();
        if (!plain.isEmpty()) {
            LOG.warn("The secrets of these apps are plain texts in the configuration: {}. `htpasswd -B` makes a hash"
                    + " (docs/identity.md)", plain);
        }
    }

    private static boolean isHash(String configured) {
        return HASH.matcher(configured).matches();
    }

    static void check(String key, Secret secret, boolean bouncyCastle) {
        SettingChecks.refuseIf(PLAIN.matcher(secret.reveal()).replaceFirst("").isBlank(), key, secret, "a secret");
        Matcher hash = HASH.matcher(secret.reveal());
        String algorithm = hash.matches() ? hash.group(1) : "";
        SettingChecks.refuseIf(algorithm.matches("scrypt|argon2") && !bouncyCastle, key, secret, "a hash that starts"
                + " with {bcrypt} or {pbkdf2@SpringSecurity_v5_8}. {" + algorithm + "} needs the library Bouncy Castle"
                + " (org.bouncycastle:bcprov-jdk18on) in lib/, and it is not there");
        SettingChecks.refuseIf(!algorithm.isEmpty() && !COMPLETE.matcher(secret.reveal()).matches(), key, secret,
                "a complete hash, such as {bcrypt}$2y$10$ and 53 more characters");
    }

    /**
     * Returns the app if the secret is right. The response time does not show which apps exist: an unknown app, and one
     * with a plain secret, cost a comparison with the hash of some app, if any app has one.
     */
    Optional<App> authenticate(String appKey, String secret) {
        App app = apps.get(appKey);
        String configured = app == null ? "" : app.secret().reveal();
        boolean right;
        if (isHash(configured)) {
            String digest = DigestUtils.sha256Hex(configured + '\n' + secret);
            right = digest.equals(known.get(appKey)) || encoder.matches(secret, configured);
            if (right) {
                known.put(appKey, digest);
            }
        } else {
            right = new Secret(PLAIN.matcher(configured).replaceFirst("")).matches(secret) && app != null;
            List<String> hashes = right ? List.of() : apps.values().stream().map(other -> other.secret().reveal())
                    .filter(AppSecrets::isHash).toList();
            if (!hashes.isEmpty()) {
                encoder.matches(secret, hashes.get(Math.floorMod(appKey.hashCode(), hashes.size())));
            }
        }
        return Optional.ofNullable(app).filter(its -> right);
    }
}
