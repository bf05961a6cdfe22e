package org.ccmessaging.filestream.auth;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.InvalidRequestException;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.stereotype.Component;

/** Step {@code issue-access-token} of tokenByAkSk (contract section 5): app key and secret in, AccessToken out. */
@Component("issueAccessToken")
public class IssueAccessToken implements Processor {

    static final String EXPIRE_HEADER = "X-Token-Expire";
    private static final int DEFAULT_SECONDS = 600;
    private static final int MOST_SECONDS = 3600;

    /**
     * The body of tokenByAkSk.
     *
     * @param appKey which app asks
     * @param appSecret what it proves itself with
     */
    public record Request(@JsonProperty("app_key") String appKey, @JsonProperty("app_secret") String appSecret) {
    }

    private final AuthSettings settings;
    private final Tokens tokens;

    IssueAccessToken(AuthSettings settings, Tokens tokens) {
        this.settings = settings;
        this.tokens = tokens;
    }

    /**
     * @throws InvalidRequestException where a field is absent or the lifetime asked for is not allowed
     * @throws UnauthorizedException where key and secret are no pair
     */
    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        Duration lifetime = Duration.ofSeconds(seconds(message.removeHeader(EXPIRE_HEADER)));
        Request request = message.getBody(Request.class);
        if (request == null || request.appKey() == null || request.appSecret() == null) {
            throw new InvalidRequestException("app_key and app_secret are mandatory.");
        }
        AuthSettings.App app = settings.apps().get(request.appKey());
        // An unknown app costs the same comparison, so that timing does not tell which app keys exist.
        String expected = app == null ? "" : app.secret().reveal();
        if (!sameText(expected, request.appSecret()) || app == null) {
            throw new UnauthorizedException("tokenByAkSk: unknown app or wrong secret");
        }
        Jwt token = tokens.issueAccessToken(request.appKey(), lifetime);
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put("AccessToken", token.getTokenValue());
        answer.put("ApplyType", "Bearer");
        answer.put("CreateTime", Long.toString(token.getIssuedAt().getEpochSecond()));
        answer.put("Expires", Long.toString(lifetime.toSeconds()));
        answer.put("Scope", "default");
        answer.put("AppKey", request.appKey());
        answer.put("UserID", "Anonymous");
        message.setBody(answer);
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
        throw new InvalidRequestException(
                "Header " + EXPIRE_HEADER + ": a whole number of seconds from 1 to " + MOST_SECONDS + " is expected.");
    }

    /** Compares digests, so that neither the length nor the first difference shows in the time it takes. */
    private static boolean sameText(String one, String other) {
        return MessageDigest.isEqual(Sha256.of(one), Sha256.of(other));
    }
}
