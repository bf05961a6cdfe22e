package org.ccmessaging.filestream.settings;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;

/**
 * The SSL bundles. A renewal ({@code reload-on-update}) that TLS cannot use changes nothing: with it every handshake
 * would fail. The renewing program may write the certificate a moment before its private key, or write half a file
 * first.
 */
@Component
class CheckedSslBundles extends DefaultSslBundleRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(CheckedSslBundles.class);

    CheckedSslBundles(ObjectProvider<SslBundleRegistrar> registrars) {
        registrars.orderedStream().forEach(registrar -> registrar.registerBundles(this));
    }

    /** Takes the bundle if TLS can use it. */
    @Override
    public void updateBundle(String name, SslBundle renewed) {
        try {
            renewed.createSslContext();
            requirePairs(renewed);
            super.updateBundle(name, renewed);
        } catch (RuntimeException unusable) {
            LOG.warn("The renewed files of SSL bundle {} are not used: {}. The service continues with those that it has"
                    + " until the files change again", name,
                    NestedExceptionUtils.getMostSpecificCause(unusable).getMessage());
        }
    }

    /**
     * A key store takes any key for any certificate, and TLS notices at the first handshake only.
     *
     * @return whether there is a private key
     * @throws IllegalStateException if a private key is not that of its certificate, or cannot be read
     */
    static boolean requirePairs(SslBundle bundle) {
        KeyStore store = bundle.getStores().getKeyStore();
        String ofKey = bundle.getKey().getPassword();
        String password = ofKey == null ? bundle.getStores().getKeyStorePassword() : ofKey;
        boolean any = false;
        try {
            for (String alias : store == null ? List.<String>of() : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias) && store.getKey(alias, password == null ? null : password.toCharArray())
                        instanceof PrivateKey key) {
                    any = true;
                    if (!isPair(key, store.getCertificate(alias).getPublicKey())) {
                        throw new IllegalStateException("the private key is not that of the certificate");
                    }
                }
            }
        } catch (GeneralSecurityException unreadable) {
            throw new IllegalStateException(unreadable);
        }
        return any;
    }

    private static boolean isPair(PrivateKey key, PublicKey certified) {
        if (key instanceof RSAKey one && certified instanceof RSAKey other) {
            return one.getModulus().equals(other.getModulus());
        }
        try {
            String algorithm = key.getAlgorithm();
            Signature signature = Signature.getInstance(algorithm.equals("EC") ? "SHA256withECDSA" : algorithm);
            signature.initSign(key);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            return signature.verify(signed);
        } catch (NoSuchAlgorithmException unknown) {
            // Whether they match is then for the handshake to say.
            return true;
        } catch (GeneralSecurityException another) {
            return false;
        }
    }
}
