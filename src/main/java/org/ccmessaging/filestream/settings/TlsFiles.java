package org.ccmessaging.filestream.settings;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.io.ApplicationResourceLoader;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerSslBundle;
import org.springframework.core.NestedExceptionUtils;

/**
 * Loads the certificates, keys and key stores of {@code server.ssl}, {@code management.server.ssl} and
 * {@code spring.ssl.bundle} as Spring Boot does later, and names the setting of one that cannot be used. Spring Boot's
 * own errors name no key.
 */
final class TlsFiles {

    private static final String BUNDLES = "spring.ssl.bundle";
    private static final String PAIR = "a certificate and its private key";

    private TlsFiles() {
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
        bundles.getJks().forEach((name, bundle) -> haveKeys.put(name, load(BUNDLES + ".jks." + name,
                () -> PropertiesSslBundle.get(bundle),
                "keystore.location", bundle.getKeystore().getLocation(),
                "truststore.location", bundle.getTruststore().getLocation())));
        bundles.getPem().forEach((name, bundle) -> haveKeys.put(name, load(BUNDLES + ".pem." + name,
                () -> PropertiesSslBundle.get(bundle),
                "keystore.certificate", bundle.getKeystore().getCertificate(),
                "keystore.private-key", bundle.getKeystore().getPrivateKey(),
                "truststore.certificate", bundle.getTruststore().getCertificate())));
        Stream.of("server.ssl", "management.server.ssl").forEach(prefix ->
                settings.bind(prefix, Ssl.class).ifBound(ssl -> ofServer(prefix, ssl, haveKeys)));
    }

    /** @param haveKeys whether each bundle has a private key */
    private static void ofServer(String prefix, Ssl ssl, Map<String, Boolean> haveKeys) {
        if (ssl.getBundle() != null && !haveKeys.containsKey(ssl.getBundle())) {
            throw new InvalidSettingException(prefix + ".bundle", ssl.getBundle(),
                    "a bundle of " + BUNDLES + ", which has " + haveKeys.keySet());
        }
        if (ssl.getBundle() != null && !haveKeys.get(ssl.getBundle())) {
            throw new InvalidSettingException(prefix + ".bundle", ssl.getBundle(), "a bundle with " + PAIR
                    + " (keystore.certificate and keystore.private-key of a PEM bundle)");
        }
        if (ssl.getBundle() != null || !Ssl.isEnabled(ssl)) {
            return;
        }
        if (ssl.getKeyStore() == null && ssl.getCertificate() != null && ssl.getCertificatePrivateKey() == null) {
            throw new InvalidSettingException(prefix + ".certificate-private-key", null,
                    "the private key of the certificate in " + shown(ssl.getCertificate()));
        }
        if (!load(prefix, () -> WebServerSslBundle.get(ssl),
                "key-store", ssl.getKeyStore(), "certificate", ssl.getCertificate(),
                "certificate-private-key", ssl.getCertificatePrivateKey(),
                "trust-store", ssl.getTrustStore(), "trust-certificate", ssl.getTrustCertificate())) {
            throw new InvalidSettingException(prefix + ".key-store", ssl.getKeyStore(), "a key store with " + PAIR);
        }
    }

    /**
     * @param keysAndFiles keys below the prefix, each with the file that it names, or {@code null}
     * @return whether there is a private key
     */
    private static boolean load(String prefix, Supplier<SslBundle> bundle, String... keysAndFiles) {
        Map<String, String> files = new LinkedHashMap<>();
        for (int i = 0; i < keysAndFiles.length; i += 2) {
            if (keysAndFiles[i + 1] != null) {
                files.put(keysAndFiles[i], keysAndFiles[i + 1]);
            }
        }
        try {
            SslBundle loaded = bundle.get();
            loaded.createSslContext();
            return CheckedSslBundles.requirePairs(loaded);
        } catch (RuntimeException unusable) {
            files.forEach((key, file) -> {
                if (!isText(file) && !ApplicationResourceLoader.get().getResource(file).exists()) {
                    throw new InvalidSettingException(prefix + "." + key, file, "a file that is there");
                }
            });
            String why = Stream.iterate((Throwable) unusable, Objects::nonNull, Throwable::getCause)
                    .map(Throwable::getMessage).filter(Objects::nonNull).distinct().collect(Collectors.joining(": "));
            // The message says of which of them it is.
            String key = files.keySet().stream().filter(name -> name.startsWith("trust") == why.contains("trust"))
                    .max((one, other) -> Boolean.compare(why.contains("rivate key") && one.endsWith("private-key"),
                            why.contains("rivate key") && other.endsWith("private-key"))).orElse("key-store");
            throw new InvalidSettingException(prefix + "." + key, shown(files.get(key)),
                    "a key store or a PEM file with what TLS needs, and the right password beside it, but: "
                            + NestedExceptionUtils.getMostSpecificCause(unusable).getMessage());
        }
    }

    private static boolean isText(String file) {
        return file.contains("-----BEGIN");
    }

    /** A private key may stand in the setting itself. */
    private static String shown(String file) {
        return file == null ? null : isText(file) ? "(not shown)" : file;
    }
}
