package org.ccmessaging.filestream.settings;

import java.io.FileNotFoundException;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAKey;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerSslBundle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;
import org.springframework.util.Assert;

/**
 * The SSL bundles, with two checks that Spring Boot lacks. Startup names the setting whose certificate, key or store
 * TLS cannot use. A renewal ({@code reload-on-update}) that TLS cannot use is ignored, because every handshake would
 * fail with it: the renewing program may write the certificate a moment before its private key, or half a file first.
 */
@Component
class CheckedSslBundles extends DefaultSslBundleRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(CheckedSslBundles.class);
    private static final String BUNDLES = "spring.ssl.bundle";

    CheckedSslBundles(ObjectProvider<SslBundleRegistrar> registrars) {
        registrars.orderedStream().forEach(registrar -> registrar.registerBundles(this));
    }

    @Override
    public void updateBundle(String name, SslBundle renewed) {
        try {
            hasKey(renewed);
            super.updateBundle(name, renewed);
        } catch (RuntimeException unusable) {
            LOG.warn("The renewed files of SSL bundle {} are not used: {}. The service continues with those that it has"
                    + " until the files change again", name,
                    NestedExceptionUtils.getMostSpecificCause(unusable).getMessage());
        }
    }

    /** Loads all bundles, and what the two ports have instead of one. Returns the names of the bundles. */
    static Set<String> check(Binder settings) {
        Map<String, Boolean> haveKeys = new TreeMap<>();
        settings.bind("spring.ssl", SslProperties.class).map(SslProperties::getBundle).ifBound(bundles -> {
            bundles.getJks().forEach((name, bundle) -> haveKeys.put(name,
                    load(BUNDLES + ".jks." + name, () -> PropertiesSslBundle.get(bundle))));
            bundles.getPem().forEach((name, bundle) -> haveKeys.put(name,
                    load(BUNDLES + ".pem." + name, () -> PropertiesSslBundle.get(bundle))));
        });
        Stream.of("server.ssl", "management.server.ssl").forEach(prefix ->
                settings.bind(prefix, Ssl.class).ifBound(ssl -> checkPort(prefix, ssl, haveKeys)));
        return haveKeys.keySet();
    }

    /** @param haveKeys whether each bundle has a private key */
    private static void checkPort(String prefix, Ssl ssl, Map<String, Boolean> haveKeys) {
        String bundle = ssl.getBundle();
        if (bundle != null) {
            SettingChecks.refuseIf(!haveKeys.getOrDefault(bundle, false), prefix + ".bundle", bundle, "a bundle of "
                    + BUNDLES + " with a certificate and its private key (keystore.certificate and"
                    + " keystore.private-key of a PEM bundle); the bundles: " + haveKeys.keySet());
        } else if (Ssl.isEnabled(ssl)) {
            load(prefix, () -> WebServerSslBundle.get(ssl));
        }
    }

    /** Spring's messages name the file and no setting. Returns whether the bundle has a private key. */
    private static boolean load(String prefix, Supplier<SslBundle> bundle) {
        try {
            return hasKey(bundle.get());
        } catch (RuntimeException unusable) {
            Throwable cause = NestedExceptionUtils.getMostSpecificCause(unusable);
            String why = cause instanceof NoSuchFileException || cause instanceof FileNotFoundException
                    ? "the file does not exist" : String.valueOf(cause.getMessage());
            String outer = String.valueOf(unusable.getMessage());
            throw new InvalidSettingException(prefix + " cannot be used for TLS: " + outer
                    + (outer.contains(why) ? "" : ": " + why),
                    "Correct the files, the passwords and the settings below " + prefix + ".");
        }
    }

    /**
     * Also checks that TLS can use a bundle: a key store takes any key for any certificate, and TLS notices a wrong
     * pair at the first handshake.
     */
    private static boolean hasKey(SslBundle bundle) {
        bundle.createSslContext();
        KeyStore store = bundle.getStores().getKeyStore();
        String password = Objects.requireNonNullElse(bundle.getKey().getPassword(),
                Objects.requireNonNullElse(bundle.getStores().getKeyStorePassword(), ""));
        boolean any = false;
        try {
            for (String alias : store == null ? List.<String>of() : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)
                        && store.getKey(alias, password.toCharArray()) instanceof PrivateKey key) {
                    any = true;
                    Assert.state(isPair(key, store.getCertificate(alias).getPublicKey()),
                            "the private key is not that of the certificate");
                }
            }
        } catch (GeneralSecurityException unreadable) {
            throw new IllegalStateException(unreadable);
        }
        return any;
    }

    private static boolean isPair(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        if (key instanceof RSAKey one && certified instanceof RSAKey other) {
            return one.getModulus().equals(other.getModulus());
        }
        String algorithm = key.getAlgorithm();
        Signature signature = Signature.getInstance(algorithm.equals("EC") ? "SHA256withECDSA" : algorithm);
        signature.initSign(key);
        byte[] signed = signature.sign();
        try {
            signature.initVerify(certified);
            return signature.verify(signed);
        } catch (InvalidKeyException | SignatureException another) {
            return false;
        }
    }
}
