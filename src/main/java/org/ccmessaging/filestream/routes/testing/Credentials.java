package org.ccmessaging.filestream.routes.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes the tokens of a run (contract section 6), with a key that exists for this run alone. */
final class Credentials {

    static final String VALID = "valid";

    /** What a token can be: the good one, and the ways in which it is none. */
    static final List<String> KINDS = List.of(VALID, "expired", "forged", "malformed", "missing");

    private static final String ISSUER = "ccmessaging-filestream";
    private static final long LIFETIME_SECONDS = 3600;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final String key = UUID.randomUUID() + "-" + UUID.randomUUID();

    /** The key and the issuer, as settings. */
    Map<String, Object> settings() {
        return Map.of("filestream.auth.signing-key", key, "filestream.auth.issuer", ISSUER);
    }

    /** An AccessToken; {@code null} if the kind is missing. */
    String accessToken(String kind, String app) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("aud", "apiaccess");
        claims.put("sub", app);
        return token(kind, claims);
    }

    /** A session token; {@code null} if the kind is missing. A claim whose value is {@code null} is left out. */
    String sessionToken(String kind, String app, String tenant, String channel, String user) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("aud", "ccmessaging");
        claims.put("sub", user == null ? "nobody" : user);
        claims.put("azp", app);
        claims.put("tenantId", tenant);
        claims.put("channelId", channel);
        claims.put("userId", user);
        claims.values().removeIf(value -> value == null);
        return token(kind, claims);
    }

    private String token(String kind, Map<String, Object> claims) {
        if (kind.equals("missing")) {
            return null;
        }
        if (kind.equals("malformed")) {
            return "no-token";
        }
        long now = Instant.now().getEpochSecond();
        long expires = kind.equals("expired") ? now - LIFETIME_SECONDS : now + LIFETIME_SECONDS;
        claims.put("iss", ISSUER);
        claims.put("iat", expires - LIFETIME_SECONDS);
        claims.put("exp", expires);
        try {
            String signed = part(Map.of("alg", "HS256", "typ", "JWT")) + "." + part(claims);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec((kind.equals("forged") ? "another key" : key)
                    .getBytes(StandardCharsets.UTF_8), mac.getAlgorithm()));
            return signed + "." + BASE64.encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String part(Map<String, Object> members) {
        try {
            return BASE64.encodeToString(new ObjectMapper().writeValueAsBytes(members));
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
