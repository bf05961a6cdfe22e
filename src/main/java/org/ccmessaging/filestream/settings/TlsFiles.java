package org.ccmessaging.filestream.settings;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerSslBundle;

/**
 * Loads the certificates, keys and key stores of {@code server.ssl}, {@code management.server.ssl} and
 * {@code spring.ssl.bundle} as Spring Boot does later, and names the setting of one that cannot be used.
 */
final class TlsFiles {

    private static final String BUNDLES = "spring.ssl.bundle";
    private static final String PEM = "-----BEGIN";
    private static final String NOT_SHOWN = "(not shown)";

    private final String prefix;
    private final Map<String, String> files = new LinkedHashMap<>();

    /** @param files keys below the prefix, each with the file that it names, or {@code null} */
    private TlsFiles(String prefix, String... files) {
        this.prefix = prefix;
        for (int i = 0; i < files.length; i += 2) {
            if (files[i + 1] != null) {
                this.files.put(files[i], files[i + 1]);
            }
        }
    }

    /** @throws InvalidSettingException if a file cannot be used */
    static void check(Binder settings) {
        SslProperties.Bundles bundles = settings.bind("spring.ssl", SslProperties.class).map(SslProperties::getBundle)
                .orElseGet(SslProperties.Bundles::new);
        bundles.getJks().forEach(TlsFiles::jks);
        bundles.getPem().forEach(TlsFiles::pem);
        Set<String> names = new TreeSet<>(bundles.getJks().keySet());
        names.addAll(bundles.getPem().keySet());
        Stream.of("server.ssl", "management.server.ssl").forEach(prefix ->
                settings.bind(prefix, Ssl.class).ifBound(ssl -> ofServer(prefix, ssl, names)));
    }

    private static void ofServer(String prefix, Ssl ssl, Set<String> bundles) {
        if (ssl.getBundle() != null) {
            if (!bundles.contains(ssl.getBundle())) {
                throw new InvalidSettingException(prefix + ".bundle", ssl.getBundle(),
                        "a bundle of " + BUNDLES + ", which has " + bundles);
            }
        } else if (Ssl.isEnabled(ssl)) {
            new TlsFiles(prefix, "key-store", ssl.getKeyStore(), "certificate", ssl.getCertificate(),
                    "certificate-private-key", ssl.getCertificatePrivateKey(), "trust-store", ssl.getTrustStore(),
                    "trust-certificate", ssl.getTrustCertificate()).load(() -> WebServerSslBundle.get(ssl));
        }
    }

    private static void jks(String name, JksSslBundleProperties bundle) {
        new TlsFiles(BUNDLES + ".jks." + name, "keystore.location", bundle.getKeystore().getLocation(),
                "truststore.location", bundle.getTruststore().getLocation())
                .load(() -> PropertiesSslBundle.get(bundle));
    }

    private static void pem(String name, PemSslBundleProperties bundle) {
        new TlsFiles(BUNDLES + ".pem." + name, "keystore.certificate", bundle.getKeystore().getCertificate(),
                "keystore.private-key", bundle.getKeystore().getPrivateKey(),
                "truststore.certificate", bundle.getTruststore().getCertificate())
                .load(() -> PropertiesSslBundle.get(bundle));
    }

    private void load(Supplier<SslBundle> bundle) {
        try {
            bundle.get().createSslContext();
        } catch (RuntimeException unusable) {
            files.forEach(this::requireThere);
            throw because(unusable);
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
