package org.ccmessaging.filestream.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.crypto.impl.EdDSAProvider;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.proc.JWSVerifierFactory;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Verifies EdDSA signatures (RFC 8037) with Java's Ed25519. The verifier of Nimbus would need another library. */
final class Ed25519Verifier extends EdDSAProvider implements JWSVerifier {

    static final JWSVerifierFactory FACTORY = new DefaultJWSVerifierFactory() {
        @Override
        public JWSVerifier createJWSVerifier(JWSHeader header, Key key) throws JOSEException {
            return JWSAlgorithm.EdDSA.equals(header.getAlgorithm()) ? new Ed25519Verifier((PublicKey) key)
                    : super.createJWSVerifier(header, key);
        }
    };

    /** Start of the X.509 form of a public key, before its 32 bytes (RFC 8410 section 4). */
    private static final String X509_START = "302a300506032b6570032100";

    private final PublicKey key;

    private Ed25519Verifier(PublicKey key) {
        this.key = key;
    }

    static List<Key> keys(List<JWK> set) {
        List<Key> keys = new ArrayList<>();
        for (JWK each : set) {
            if (each instanceof OctetKeyPair pair && pair.getCurve().equals(Curve.Ed25519)) {
                HexFormat hex = HexFormat.of();
                try {
                    keys.add(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(
                            hex.parseHex(X509_START + hex.formatHex(pair.getDecodedX())))));
                } catch (GeneralSecurityException malformed) {
                    // Like a key that is not in the set.
                }
            }
        }
        return keys;
    }

    @Override
    public boolean verify(JWSHeader header, byte[] signed, Base64URL signature) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(key);
            ed25519.update(signed);
            return ed25519.verify(signature.decode());
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }
}
