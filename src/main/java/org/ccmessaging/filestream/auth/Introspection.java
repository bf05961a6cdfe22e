package org.ccmessaging.filestream.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import org.ccmessaging.filestream.failure.TokenKeysUnavailableException;

/**
 * Asks the issuer of opaque tokens whether a token is active (RFC 7662). A circuit breaker fails requests
 * at once while most calls fail.
 */
final class Introspection {

    /** In characters. A longer text is not worth a call, and is refused like a token that is not active. */
    private static final int LONGEST_TOKEN = 4096;

    private final CircuitBreaker circuit = CircuitBreaker.of("introspection", CircuitBreakerConfig.custom()
            .slidingWindowSize(20).minimumNumberOfCalls(10).waitDurationInOpenState(Duration.ofSeconds(5))
            .permittedNumberOfCallsInHalfOpenState(3).build());
    private final TrustedIssuer issuer;
    private final Clock clock;
    private final IssuerCalls calls;

    Introspection(TrustedIssuer issuer, Clock clock, MeterRegistry meters) {
        this.issuer = issuer;
        this.clock = clock;
        this.calls = new IssuerCalls(issuer, meters);
    }

    /**
     * Returns the claims of an active token.
     *
     * @throws BadJOSEException if the token is not active, or its claims are malformed
     * @throws TokenKeysUnavailableException if the issuer does not say whether it is active
     */
    JWTClaimsSet claims(String token) throws BadJOSEException {
        if (token.length() > LONGEST_TOKEN) {
            throw new BadJOSEException("longer than " + LONGEST_TOKEN + " characters");
        }
        JsonNode response = ask(token);
        if (!response.get("active").booleanValue()) {
            throw new BadJOSEException("not active");
        }
        try {
            JWTClaimsSet claims = Token.parseClaims(response);
            JWTClaimsSet.Builder complete = new JWTClaimsSet.Builder(claims);
            // RFC 7662 requires neither. A token without an expiry is asked about again and again.
            if (claims.getExpirationTime() == null) {
                complete.expirationTime(Date.from(clock.instant().plus(issuer.rememberedFor())));
            }
            if (claims.getIssuer() == null || !issuer.isNamed()) {
                complete.issuer(issuer.name());
            }
            return complete.build();
        } catch (ParseException malformed) {
            throw new BadJOSEException("malformed claims: " + malformed.getMessage(), malformed);
        }
    }

    private JsonNode ask(String token) {
        try {
            JsonNode response = circuit.executeCallable(() -> post(token));
            calls.succeeded();
            return response;
        } catch (CallNotPermittedException open) {
            throw new TokenKeysUnavailableException(issuer.setting() + ": most calls fail, so none is made");
        } catch (Exception failure) {
            throw new TokenKeysUnavailableException(issuer.setting() + ": " + calls.failed(failure));
        }
    }

    private JsonNode post(String token) throws Exception {
        JsonNode response = Token.JSON.readTree(calls.send(HttpRequest.newBuilder(issuer.address())
                .header("Authorization", new ClientSecretBasic(new ClientID(issuer.client().id()),
                        new Secret(issuer.client().secret().reveal())).toHTTPAuthorizationHeader())
                .header("Content-Type", "application/x-www-form-urlencoded").header("Accept", "application/json")
                .POST(BodyPublishers.ofString("token=" + URLEncoder.encode(token, StandardCharsets.UTF_8)))));
        if (!response.path("active").isBoolean()) {
            throw new IOException("status 200 without active");
        }
        return response;
    }
}
