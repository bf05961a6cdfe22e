package org.ccmessaging.filestream.auth;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.auth.token.AccessToken;
import org.ccmessaging.filestream.auth.token.AuthSettings;
import org.ccmessaging.filestream.auth.token.TokenIssuer;
import org.ccmessaging.filestream.brake.GuessBrake;
import org.ccmessaging.filestream.failure.InvalidRequestException;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.toolkit.AccessTokenRequest;
import org.ccmessaging.filestream.toolkit.ClientAddress;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.Steps;
import org.ccmessaging.filestream.toolkit.Variables;
import org.springframework.stereotype.Component;

/**
 * Step {@code issue-access-token} of tokenByAkSk (contract section 5): compares app key and secret of variable
 * {@code request} and signs an AccessToken. It leaves the members of the response as the body.
 */
@Component(Steps.ISSUE_ACCESS_TOKEN)
public class IssueAccessToken implements Processor {

    /** Lifetime of an AccessToken whose request names none (contract section 5), in seconds. */
    private static final int DEFAULT_SECONDS = 600;

    /** Longest lifetime of an AccessToken (contract section 5), in seconds. */
    private static final int MOST_SECONDS = 3600;

    /**
     * Compared in place of the secret of an unknown app, so that the response time does not show which app keys exist.
     */
    private static final Secret NO_APP = new Secret("");

    private final AuthSettings settings;
    private final TokenIssuer issuer;
    private final GuessBrake brake;

    IssueAccessToken(AuthSettings settings, TokenIssuer issuer, GuessBrake brake) {
        this.settings = settings;
        this.issuer = issuer;
        this.brake = brake;
    }

    /**
     * @throws InvalidRequestException if a field is absent, or {@code X-Token-Expire} is not 1 to 3600
     * @throws UnauthorizedException if the app is unknown, the secret is wrong, or the client must wait after some
     *     wrong ones
     */
    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        Duration lifetime = Duration.ofSeconds(seconds(message.removeHeader(Headers.TOKEN_EXPIRE)));
        AccessTokenRequest request = exchange.getVariable(Variables.REQUEST, AccessTokenRequest.class);
        if (request == null || request.appKey() == null || request.appSecret() == null) {
            throw new InvalidRequestException("app_key and app_secret are mandatory.");
        }
        brake.attempt(GuessBrake.Where.TOKEN_BY_AK_SK, ClientAddress.of(exchange), request.appKey(), () -> app(request))
                .orElseThrow(() -> new UnauthorizedException(
                        "tokenByAkSk: unknown app or wrong secret, or too many of them"));
        message.setBody(new IssuedMembers(
                exchange, members(issuer.issueAccessToken(request.appKey(), lifetime), lifetime)));
    }

    /** @return nothing if the app is unknown or the secret is wrong */
    private Optional<AuthSettings.App> app(AccessTokenRequest request) {
        AuthSettings.App app = settings.apps().get(request.appKey());
        Secret secret = app == null ? NO_APP : app.secret();
        return secret.matches(request.appSecret()) ? Optional.ofNullable(app) : Optional.empty();
    }

    private static Map<String, String> members(AccessToken token, Duration lifetime) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("AccessToken", token.value());
        members.put("ApplyType", "Bearer");
        members.put("CreateTime", Long.toString(token.issuedAt().getEpochSecond()));
        members.put("Expires", Long.toString(lifetime.toSeconds()));
        members.put("Scope", "default");
        members.put("AppKey", token.appKey());
        members.put("UserID", "Anonymous");
        return members;
    }

    private static int seconds(Object header) {
        if (header == null) {
            return DEFAULT_SECONDS;
        }
        if (header instanceof String text && text.matches("[0-9]{1,5}")) {
            int seconds = Integer.parseInt(text);
            if (seconds >= 1 && seconds <= MOST_SECONDS) {
                return seconds;
            }
        }
        throw new InvalidRequestException("Header " + Headers.TOKEN_EXPIRE
                + ": a whole number of seconds from 1 to " + MOST_SECONDS + " is expected.");
    }
}
