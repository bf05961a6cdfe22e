package org.ccmessaging.bench;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.proc.JWSVerifierFactory;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The verification of a token that the service has not seen, by algorithm: parsing, signature, claims. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Verification {

    @Param({"HS256", "RS256", "PS256", "ES256"})
    private String algorithm;

    private String token;
    private Key key;
    private final JWSVerifierFactory verifiers = new DefaultJWSVerifierFactory();

    @Setup
    public void sign() throws Exception {
        JWTClaimsSet claims = new JWTClaimsSet.Builder().issuer("https://login.example.com/realms/shop").subject("alice")
                .audience("ccmessaging").claim("tenantId", "demo").claim("channelId", "web-1").claim("azp", "demo-app")
                .expirationTime(Date.from(Instant.now().plusSeconds(3600))).build();
        JWSAlgorithm chosen = JWSAlgorithm.parse(algorithm);
        SignedJWT jwt = new SignedJWT(new JWSHeader.Builder(chosen).keyID("key-1").build(), claims);
        if (algorithm.startsWith("HS")) {
            key = new SecretKeySpec("only-for-tests-only-for-tests-only".getBytes(), "HmacSHA256");
            jwt.sign(new MACSigner(key.getEncoded()));
            token = jwt.serialize();
            return;
        }
        KeyPair pair = pair();
        key = pair.getPublic();
        jwt.sign(signer(pair.getPrivate()));
        token = jwt.serialize();
    }

    private KeyPair pair() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.startsWith("ES") ? "EC" : "RSA");
        if (algorithm.startsWith("ES")) {
            generator.initialize(new ECGenParameterSpec("secp256r1"));
        } else {
            generator.initialize(2048);
        }
        return generator.generateKeyPair();
    }

    private JWSSigner signer(PrivateKey secret) throws Exception {
        return algorithm.startsWith("ES") ? new ECDSASigner((ECPrivateKey) secret) : new RSASSASigner(secret);
    }

    @Benchmark
    public JWTClaimsSet verify() throws Exception {
        SignedJWT jwt = SignedJWT.parse(token);
        JWSVerifier verifier = verifiers.createJWSVerifier(jwt.getHeader(), key);
        if (!jwt.verify(verifier)) {
            throw new IllegalStateException("not genuine");
        }
        return jwt.getJWTClaimsSet();
    }
}
