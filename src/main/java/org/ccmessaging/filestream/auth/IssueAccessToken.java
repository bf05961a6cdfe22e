package org.ccmessaging.filestream.auth;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.InvalidRequestException;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.toolkit.RouteStep;

/**
 * Step {@code issue-access-token}: issues the token of tokenByAkSk (contract section 5). No route sees the secret or
 * the token.
 */
@RouteStep
record IssueAccessToken(AppSecrets secrets, TokenIssuer issuer, GuessBrake brake, ReadBody body)
        implements Processor {

    /** Lifetime of an AccessToken if the request names none (contract section 5). */
    private static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(10);

    /** Maximum lifetime of an AccessToken in seconds (contract section 5). */
    private static final int MOST_SECONDS = 3600;

    private record AppCredentials(@JsonProperty("app_key") String key, @JsonProperty("app_secret") String secret) {
    }

    private record AccessTokenResponse(
            @JsonProperty("AccessToken") String token, @JsonProperty("ApplyType") String type,
            @JsonProperty("CreateTime") String created, @JsonProperty("Expires") String expires,
            @JsonProperty("Scope") String scope, @JsonProperty("AppKey") String app,
            @JsonProperty("UserID") String user) {
    }

    @Override
    public void process(Exchange exchange) {
        AppCredentials app = RequestJson.parse(body.read(exchange), AppCredentials.class);
        Duration lifetime = lifetime(ClientRequest.header(exchange, ClientRequest.TOKEN_EXPIRE));
        if (app.key() == null || app.secret() == null) {
            throw new InvalidRequestException("app_key and app_secret are mandatory.");
        }
        brake.attempt(GuessBrake.Where.TOKEN_BY_AK_SK, ClientRequest.address(exchange), app.key(),
                () -> secrets.authenticate(app.key(), app.secret())).orElseThrow(() -> new UnauthorizedException(
                        "tokenByAkSk: unknown app or wrong secret, or too many of them"));
        TokenIssuer.IssuedToken token = issuer.issueAccessToken(app.key(), lifetime);
        ClientRequest.issue(exchange, new AccessTokenResponse(token.value(), "Bearer",
                Long.toString(token.issuedAt().getEpochSecond()), Long.toString(lifetime.toSeconds()),
                "default", app.key(), "Anonymous"));
    }

    private static Duration lifetime(Object header) {
        if (header == null) {
            return DEFAULT_LIFETIME;
        }
        int seconds = header instanceof String text && text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw new InvalidRequestException("Header " + ClientRequest.TOKEN_EXPIRE
                    + ": a whole number of seconds from 1 to " + MOST_SECONDS + " is expected.");
        }
        return Duration.ofSeconds(seconds);
    }
}
