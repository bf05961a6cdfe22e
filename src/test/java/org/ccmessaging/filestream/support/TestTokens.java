package org.ccmessaging.filestream.support;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.function.UnaryOperator;

/** Makes the two kinds of token, valid ones and invalid ones. */
public final class TestTokens {

    public static final String APP_KEY = "demo-app";
    public static final String TENANT = "demo";
    public static final String ISSUER = "ccmessaging-filestream";

    private final JWTClaimsSet.Builder claims;

    private TestTokens(JWTClaimsSet.Builder claims) {
        this.claims = claims.issuer(ISSUER);
        expiring(600);
    }

    public static TestTokens access() {
        return new TestTokens(new JWTClaimsSet.Builder().audience("apiaccess").subject(APP_KEY));
    }

    public static TestTokens session() {
        return new TestTokens(new JWTClaimsSet.Builder().audience("ccmessaging").subject("alice")
                .claim("tenantId", TENANT).claim("channelId", "web-1").claim("userId", "alice")
                .claim("azp", APP_KEY)).expiring(3600);
    }

    public TestTokens with(UnaryOperator<JWTClaimsSet.Builder> change) {
        change.apply(claims);
        return this;
    }

    public TestTokens claim(String name, Object value) {
        claims.claim(name, value);
        return this;
    }

    /** @param seconds from now; negative for a token that has expired. It was issued an hour before. */
    public TestTokens expiring(long seconds) {
        claims.issueTime(secondsFromNow(seconds - 3600)).expirationTime(secondsFromNow(seconds));
        return this;
    }

    public String sign() {
        return sign(Service.SIGNING_KEY);
    }

    public String sign(String key) {
        try {
            return sign(new JWSHeader(JWSAlgorithm.HS256), new MACSigner(key.getBytes(StandardCharsets.UTF_8)));
        } catch (JOSEException impossible) {
            throw new AssertionError(impossible);
        }
    }

    public String sign(JWSHeader header, JWSSigner signer) {
        try {
            SignedJWT token = new SignedJWT(header, claims.build());
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** With {@code alg: none}. */
    public String unsigned() {
        return new PlainJWT(claims.build()).serialize();
    }

    private static Date secondsFromNow(long seconds) {
        return Date.from(Instant.now().plusSeconds(seconds));
    }
}
