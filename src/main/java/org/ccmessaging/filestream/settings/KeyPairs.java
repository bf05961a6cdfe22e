package org.ccmessaging.filestream.settings;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.springframework.boot.ssl.SslBundle;

/** The private keys of an SSL bundle, each with its certificate. */
final class KeyPairs {

    private static final byte[] NONCE = new byte[32];

    private final List<Boolean> matches;

    private KeyPairs(List<Boolean> matches) {
        this.matches = matches;
    }

    /** @param bundle one whose keys could be read */
    static KeyPairs of(SslBundle bundle) {
        KeyStore store = bundle.getStores().getKeyStore();
        String ofKey = bundle.getKey().getPassword();
        String password = ofKey == null ? bundle.getStores().getKeyStorePassword() : ofKey;
        List<Boolean> matches = new ArrayList<>();
        try {
            for (String alias : store == null ? List.<String>of() : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias) && store.getKey(alias, password == null ? null : password.toCharArray())
                        instanceof PrivateKey key) {
                    matches.add(match(key, store.getCertificate(alias).getPublicKey()));
                }
            }
        } catch (GeneralSecurityException unreadable) {
            throw new IllegalStateException(unreadable);
        }
        return new KeyPairs(matches);
    }

    /** A key store takes any key for any certificate, and TLS notices at the first handshake only. */
    private static boolean match(PrivateKey key, PublicKey certified) {
        if (key instanceof RSAKey one && certified instanceof RSAKey other) {
            return one.getModulus().equals(other.getModulus());
        }
        try {
            Signature signature = Signature.getInstance(switch (key.getAlgorithm()) {
                case "RSA", "DSA" -> "SHA256with" + key.getAlgorithm();
                case "EC" -> "SHA256withECDSA";
                default -> key.getAlgorithm();
            });
            signature.initSign(key);
            signature.update(NONCE);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(NONCE);
            return signature.verify(signed);
        } catch (NoSuchAlgorithmException unknown) {
            // Whether they match is then for the handshake to say.
            return true;
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    /** Whether there is a private key. */
    boolean areThere() {
        return !matches.isEmpty();
    }

    /** Whether each private key is that of its certificate. */
    boolean match() {
        return !matches.contains(false);
    }
}
