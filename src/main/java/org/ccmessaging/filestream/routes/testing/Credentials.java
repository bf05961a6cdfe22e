package org.ccmessaging.filestream.routes.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Makes the tokens of a run (contract section 6), with a key that exists for this run alone. */
final class Credentials {

    static final String VALID = "valid";

    /** What a token can be: the good one, and the ways in which it is none. */
    static final List<String> KINDS = List.of(VALID, "expired", "forged", "malformed", "missing");

    private static final String ISSUER = "ccmessaging-filestream";
    private static final Duration LIFETIME = Duration.ofHours(1);

    private final String key = UUID.randomUUID() + "-" + UUID.randomUUID();

    /** The key and the issuer, as settings. */
    Map<String, Object> settings() {
        return Map.of("filestream.auth.signing-key", key, "filestream.auth.issuer", ISSUER);
    }

    /** An AccessToken; {@code null} if the kind is missing. */
    String accessToken(String kind, String app) {
        return token(kind, new JWTClaimsSet.Builder().audience("apiaccess").subject(app));
    }

    /** A session token; {@code null} if the kind is missing. A claim whose value is {@code null} is left out. */
    String sessionToken(String kind, String app, String tenant, String channel, String user) {
        return token(kind, new JWTClaimsSet.Builder().audience("ccmessaging").subject(user == null ? "nobody" : user)
                .claim("azp", app).claim("tenantId", tenant).claim("channelId", channel).claim("userId", user));
    }

    private String token(String kind, JWTClaimsSet.Builder claims) {
        if (kind.equals("missing")) {
            return null;
        }
        if (kind.equals("malformed")) {
            return "no-token";
        }
        Instant issued = kind.equals("expired") ? Instant.now().minus(LIFETIME.multipliedBy(2)) : Instant.now();
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.issuer(ISSUER)
                .issueTime(Date.from(issued)).expirationTime(Date.from(issued.plus(LIFETIME))).build());
        try {
            token.sign(new MACSigner(kind.equals("forged") ? UUID.randomUUID().toString() : key));
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
        return token.serialize();
    }
}
