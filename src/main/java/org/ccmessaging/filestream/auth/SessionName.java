package org.ccmessaging.filestream.auth;

import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.auth.TokenSettings.Claims;
import org.springframework.stereotype.Component;

/**
 * Tells sessions apart before the service has verified a request, to choose the generation of routes that it enters. A
 * name proves nothing: anybody may invent one.
 */
@Component
public record SessionName(AuthSettings settings) {

    /**
     * Returns what names the session of a session token: app and customer, which stay the same when the token is
     * renewed, or the token itself if it is opaque.
     *
     * @param token {@code null} if the request has none
     * @return {@code null} for no token
     */
    public String of(String token) {
        try {
            if (token == null) {
                return null;
            }
            Map<String, Object> claims = SignedJWT.parse(token).getJWTClaimsSet().getClaims();
            return settings.sessionTokens().stream().filter(issuer -> issuer.name().equals(claims.get("iss")))
                    .findFirst().map(issuer -> of(claims, issuer.claims())).orElse(token);
        } catch (ParseException | RuntimeException notAJwt) {
            return token;
        }
    }

    /** Returns the claims with their lengths, so that no two customers have the same text. */
    private static String of(Map<String, Object> claims, Claims names) {
        return Stream.of(names.appKey(), names.tenantId(), names.channelId(), names.userId())
                .map(name -> TrustedIssuer.claim(claims, name))
                .map(text -> text == null ? "" : text.length() + ":" + text).collect(Collectors.joining(","));
    }
}
