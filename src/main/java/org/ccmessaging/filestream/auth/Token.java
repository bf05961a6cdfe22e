package org.ccmessaging.filestream.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jwt.JWTClaimsSet;
import java.math.BigDecimal;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.toolkit.Customer;

/**
 * Data of a verified token (contract section 6). Excludes the text of the token, to save memory in the cache.
 *
 * @param appKey {@code null} if the token names no app
 * @param customer {@code null} for an AccessToken; each field may be {@code null}
 */
record Token(String appKey, Customer customer, Instant expiresAt, TrustedIssuer issuer) {

    static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    /** Refused header parameters: crit (RFC 7515 section 4.1.11), b64 (RFC 7797) and zip (RFC 7516). */
    private static final List<String> UNSUPPORTED = List.of("crit", "b64", "zip");

    private static final List<String> TIMES = List.of("exp", "nbf", "iat");

    /** The end of the year 9999, in seconds since 1970. */
    private static final BigDecimal LAST_TIME = BigDecimal.valueOf(253_402_300_799L);

    /**
     * Parses claims more strictly than Nimbus. In Nimbus, a large {@code exp} overflows: the token may never expire.
     *
     * @throws ParseException if the token is malformed or not supported; the message quotes no text of the token
     */
    static JWTClaimsSet parseClaims(JWSObject token) throws ParseException {
        try {
            JsonNode header = JSON.readTree(token.getHeader().toBase64URL().decodeToString());
            for (String name : UNSUPPORTED) {
                refuseIf(header.has(name), "header " + name + " is not supported");
            }
            refuseIf("JWT".equalsIgnoreCase(header.path("cty").asText()), "nested tokens are not supported");
            JsonNode claims = JSON.readTree(token.getPayload().toString());
            refuseIf(!claims.isObject(), "the claims are not a JSON object");
            for (String name : TIMES) {
                refuseIf(claims.hasNonNull(name) && !isTime(claims.get(name)), "claim " + name
                        + " is not a time from 1970 to 9999");
            }
            return JWTClaimsSet.parse(JSON.convertValue(claims, new TypeReference<Map<String, Object>>() { }));
        } catch (JsonProcessingException malformed) {
            throw new ParseException("header or claims are not plain JSON", 0);
        }
    }

    private static void refuseIf(boolean odd, String reason) throws ParseException {
        if (odd) {
            throw new ParseException(reason, 0);
        }
    }

    private static boolean isTime(JsonNode value) {
        return value.isNumber() && value.decimalValue().signum() >= 0 && value.decimalValue().compareTo(LAST_TIME) <= 0;
    }
}
