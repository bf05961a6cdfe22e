package org.ccmessaging.filestream.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.ssl.JksSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.io.ApplicationResourceLoader;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemContent;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerSslBundle;

/**
 * Loads the certificates, keys and key stores of {@code server.ssl}, {@code management.server.ssl} and
 * {@code spring.ssl.bundle} as Spring Boot does later, and names the setting of one that cannot be used.
 */
final class TlsFiles {

    private static final String BUNDLES = "spring.ssl.bundle";
    private static final String PEM = "-----BEGIN";
    private static final String ENCRYPTED = "-----BEGIN ENCRYPTED";
    private static final String PRIVATE_KEY = "private-key";
    private static final String NOT_SHOWN = "(not shown)";
    private static final String PAIR = "a certificate and its private key";

    private final String prefix;
    private final String password;
    private final Map<String, String> files = new LinkedHashMap<>();

    /**
     * @param password of the private key in a PEM file; {@code null} if there is none
     * @param files keys below the prefix, each with the file that it names, or {@code null}
     */
    private TlsFiles(String prefix, String password, String... files) {
        this.prefix = prefix;
        this.password = password;
        for (int i = 0; i < files.length; i += 2) {
            if (files[i + 1] != null) {
                this.files.put(files[i], files[i + 1]);
            }
        }
    }

    /** The names of all bundles. */
    static Set<String> bundles(Binder settings) {
        SslProperties.Bundles bundles = read(settings);
        Set<String> names = new TreeSet<>(bundles.getJks().keySet());
        names.addAll(bundles.getPem().keySet());
        return names;
    }

    private static SslProperties.Bundles read(Binder settings) {
        return settings.bind("spring.ssl", SslProperties.class).map(SslProperties::getBundle)
                .orElseGet(SslProperties.Bundles::new);
    }

    /** @throws InvalidSettingException if a file cannot be used, or a port has no certificate with its private key */
    static void check(Binder settings) {
        SslProperties.Bundles bundles = read(settings);
        Map<String, Boolean> haveKeys = new TreeMap<>();
        bundles.getJks().forEach((name, bundle) -> haveKeys.put(name, jks(name, bundle)));
        bundles.getPem().forEach((name, bundle) -> haveKeys.put(name, pem(name, bundle)));
        Stream.of("server.ssl", "management.server.ssl").forEach(prefix ->
                settings.bind(prefix, Ssl.class).ifBound(ssl -> ofServer(prefix, ssl, haveKeys)));
    }

    /** @param haveKeys whether each bundle has a private key */
    private static void ofServer(String prefix, Ssl ssl, Map<String, Boolean> haveKeys) {
        if (ssl.getBundle() != null) {
            if (!haveKeys.containsKey(ssl.getBundle())) {
                throw new InvalidSettingException(prefix + ".bundle", ssl.getBundle(),
                        "a bundle of " + BUNDLES + ", which has " + haveKeys.keySet());
            }
            if (!haveKeys.get(ssl.getBundle())) {
                throw new InvalidSettingException(prefix + ".bundle", ssl.getBundle(), "a bundle with " + PAIR
                        + " (keystore.certificate and keystore.private-key of a PEM bundle)");
            }
        } else if (Ssl.isEnabled(ssl)) {
            TlsFiles files = new TlsFiles(prefix, null, "key-store", ssl.getKeyStore(), "certificate",
                    ssl.getCertificate(), "certificate-private-key", ssl.getCertificatePrivateKey(), "trust-store",
                    ssl.getTrustStore(), "trust-certificate", ssl.getTrustCertificate());
            if (ssl.getKeyStore() == null && ssl.getCertificate() != null && ssl.getCertificatePrivateKey() == null) {
                throw new InvalidSettingException(prefix + ".certificate-private-key", null, files.ofCertificate());
            }
            if (!files.load(() -> WebServerSslBundle.get(ssl))) {
                throw new InvalidSettingException(prefix + ".key-store", ssl.getKeyStore(), "a key store with " + PAIR);
            }
        }
    }

    private static boolean jks(String name, JksSslBundleProperties bundle) {
        return new TlsFiles(BUNDLES + ".jks." + name, null, "keystore.location", bundle.getKeystore().getLocation(),
                "truststore.location", bundle.getTruststore().getLocation())
                .load(() -> PropertiesSslBundle.get(bundle));
    }

    private static boolean pem(String name, PemSslBundleProperties bundle) {
        return new TlsFiles(BUNDLES + ".pem." + name, bundle.getKeystore().getPrivateKeyPassword(),
                "keystore.certificate", bundle.getKeystore().getCertificate(),
                "keystore.private-key", bundle.getKeystore().getPrivateKey(),
                "truststore.certificate", bundle.getTruststore().getCertificate())
                .load(() -> PropertiesSslBundle.get(bundle));
    }

    /** @return whether there is a private key */
    private boolean load(Supplier<SslBundle> bundle) {
        KeyPairs pairs;
        try {
            SslBundle loaded = bundle.get();
            loaded.createSslContext();
            pairs = KeyPairs.of(loaded);
        } catch (RuntimeException unusable) {
            files.forEach(this::requireThere);
            requirePrivateKey();
            throw because(unusable);
        }
        if (!pairs.match()) {
            String key = privateKey().orElseGet(() -> files.keySet().iterator().next());
            throw new InvalidSettingException(prefix + "." + key, shown(files.get(key)), privateKey().isPresent()
                    ? ofCertificate() : "a key store whose private keys are those of their certificates");
        }
        return pairs.areThere();
    }

    private Optional<String> privateKey() {
        return files.keySet().stream().filter(key -> key.endsWith(PRIVATE_KEY)).findFirst();
    }

    private String ofCertificate() {
        return "the private key of the certificate" + files.entrySet().stream()
                .filter(file -> file.getKey().endsWith("certificate") && !file.getKey().startsWith("trust"))
                .map(file -> file.getValue().contains(PEM) ? "" : " in " + file.getValue()).findFirst().orElse("");
    }

    /** The private key may stand in the setting itself. */
    private static String shown(String file) {
        return file.contains(PEM) ? NOT_SHOWN : file;
    }

    /** Spring Boot does not say which of the files it could not read. */
    private void requirePrivateKey() {
        privateKey().ifPresent(key -> {
            String file = files.get(key);
            String text = text(file);
            try {
                PemContent.of(text).getPrivateKey(password);
            } catch (RuntimeException none) {
                if (!text.contains(ENCRYPTED)) {
                    throw new InvalidSettingException(prefix + "." + key, shown(file), ofCertificate() + ", as PEM");
                }
                throw key.contains(".")
                        ? new InvalidSettingException(prefix + "." + key + "-password",
                                password == null ? null : NOT_SHOWN, "the password of " + shown(file))
                        : new InvalidSettingException(prefix + "." + key, shown(file), "a private key without a"
                                + " password, or a bundle of " + BUNDLES + ", which may have one");
            }
        });
    }

    private static String text(String file) {
        try {
            return file.contains(PEM) ? file
                    : ApplicationResourceLoader.get().getResource(file).getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            return "";
        }
    }

    private void requireThere(String key, String file) {
        if (!file.contains(PEM) && !ApplicationResourceLoader.get().getResource(file).exists()) {
            throw new InvalidSettingException(prefix + "." + key, file, "a file that is there");
        }
    }

    private InvalidSettingException because(RuntimeException unusable) {
        String why = String.join("; ", Stream.iterate((Throwable) unusable, Objects::nonNull, Throwable::getCause)
                .map(cause -> cause.getClass().getSimpleName() + " " + cause.getMessage()).toList());
        boolean trust = why.contains("trust store");
        String key = files.keySet().stream().filter(name -> name.startsWith("trust") == trust).findFirst()
                .orElse("key-store");
        String file = files.get(key);
        if (why.contains("password was incorrect") || why.contains("Integrity check failed")) {
            String password = key.contains(".") ? key.replaceFirst("[a-z]+$", "password") : key + "-password";
            return new InvalidSettingException(prefix + "." + password, NOT_SHOWN, "the password of " + file);
        }
        if (why.contains("UnrecoverableKeyException")) {
            return new InvalidSettingException(prefix + (key.contains(".") ? ".key.password" : ".key-password"),
                    NOT_SHOWN, "the password of the key in " + file);
        }
        Throwable root = Stream.iterate((Throwable) unusable, Objects::nonNull, Throwable::getCause)
                .reduce((outer, inner) -> inner).orElse(unusable);
        return new InvalidSettingException(prefix + "." + key, file == null || file.contains(PEM) ? null : file,
                "a key store or a PEM file with what TLS needs"
                        + (root.getMessage() == null ? "" : ", but: " + root.getMessage()));
    }
}
