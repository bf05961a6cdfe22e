package org.ccmessaging.filestream.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * Finds deviations from RFC 7515 and RFC 7519 that Nimbus accepts in a signed token. For example, Nimbus wraps a time
 * beyond its range, so that a token is valid early or forever, and ignores an empty {@code crit}.
 */
final class TokenForm {

    static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    /**
     * Header parameters that change how a token is read: extensions that must be understood (RFC 7515 section 4.1.11),
     * another form of the payload (RFC 7797), compression (RFC 7516).
     */
    private static final List<String> UNSUPPORTED = List.of("crit", "b64", "zip");

    private static final List<String> TIMES = List.of("exp", "nbf", "iat");

    /** The end of the year 9999, in seconds since 1970. */
    private static final BigDecimal LAST_TIME = BigDecimal.valueOf(253_402_300_799L);

    private TokenForm() {
    }

    /** Returns the first deviation of a token with a good signature, without any text of the token. */
    static Optional<String> oddity(String token) {
        String[] parts = token.split("\\.");
        try {
            JsonNode header = JSON.readTree(new Base64URL(parts[0]).decodeToString());
            JsonNode claims = JSON.readTree(new Base64URL(parts[1]).decodeToString());
            return UNSUPPORTED.stream().filter(header::has).findFirst()
                    .map(name -> "header " + name + " is not supported")
                    .or(() -> "JWT".equalsIgnoreCase(header.path("cty").asText())
                            ? Optional.of("nested tokens are not supported") : wrongTime(claims));
        } catch (JsonProcessingException malformed) {
            return Optional.of("header or claims are not plain JSON");
        }
    }

    static Optional<String> wrongTime(JsonNode claims) {
        return TIMES.stream().filter(name -> claims.hasNonNull(name) && !isTime(claims.get(name))).findFirst()
                .map(name -> "claim " + name + " is not a time from 1970 to 9999");
    }

    private static boolean isTime(JsonNode value) {
        return value.isNumber() && value.decimalValue().signum() >= 0 && value.decimalValue().compareTo(LAST_TIME) <= 0;
    }
}
