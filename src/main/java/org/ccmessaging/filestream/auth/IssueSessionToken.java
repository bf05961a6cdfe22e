package org.ccmessaging.filestream.auth;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.toolkit.Customer;
import org.ccmessaging.filestream.toolkit.RouteStep;

/** Step {@code issue-session-token}: issues the token of applyToken (contract section 5). No route sees the token. */
@RouteStep
record IssueSessionToken(AuthSettings settings, Authenticate credentials, TokenIssuer issuer, ReadBody body)
        implements Processor {

    /** Values of {@code resultCode} in the response of applyToken (contract section 5). */
    static final String ISSUED = "0";
    static final String WRONG_FIELD = "1";

    /** Maximum number of characters of {@code userId} (contract section 5). */
    private static final int LONGEST_USER_ID = 32;
    /** Maximum number of characters of the other fields. One of them, {@code channelId}, is part of the token. */
    private static final int LONGEST_TEXT = 128;

    private record SessionUser(String userId, String userName, String channelId, String locale) {
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record SessionTokenResponse(String resultCode, String resultDesc, String token) {
    }

    @Override
    public void process(Exchange exchange) {
        String appKey = credentials.app(exchange);
        SessionUser request = RequestJson.parse(body.read(exchange), SessionUser.class);
        AuthSettings.App app = settings.apps().get(appKey);
        if (app == null) {
            throw new UnauthorizedException("applyToken: app is not configured");
        }
        String wrong = wrong("userId", request.userId(), LONGEST_USER_ID)
                .or(() -> wrong("userName", request.userName(), LONGEST_TEXT))
                .or(() -> wrong("channelId", request.channelId(), LONGEST_TEXT))
                .or(() -> wrong("locale", request.locale(), LONGEST_TEXT)).orElse(null);
        ClientRequest.issue(exchange, wrong != null ? new SessionTokenResponse(WRONG_FIELD, wrong, null)
                : new SessionTokenResponse(ISSUED, null, issuer.issueSessionToken(appKey,
                        new Customer(app.tenantId(), request.channelId(), request.userId())).value()));
    }

    private static Optional<String> wrong(String field, String value, int longest) {
        if (value == null || value.isBlank()) {
            return Optional.of(field + " is mandatory");
        }
        int length = value.codePointCount(0, value.length());
        return length <= longest ? Optional.empty()
                : Optional.of(field + " has " + length + " characters, at most " + longest + " are allowed");
    }
}
