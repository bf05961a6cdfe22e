package org.ccmessaging.filestream.auth;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.InvalidRequestException;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.springframework.stereotype.Component;

/** Step {@code issue-session-token} of applyToken (contract section 5): a user of an app in, session token out. */
@Component("issueSessionToken")
public class IssueSessionToken implements Processor {

    /** Longest {@code userId} (contract section 5), in characters. */
    private static final int LONGEST_USER_ID = 32;

    /** Longest of the other fields, in characters: keeps the token, which is sent as a header, small. */
    private static final int LONGEST_TEXT = 128;

    /**
     * The body of applyToken.
     *
     * @param userId the customer, 1 to 32 characters
     * @param userName shown to the agent
     * @param channelId the channel the customer chats on
     * @param locale language, {@code en}
     */
    public record Request(String userId, String userName, String channelId, String locale) {
    }

    private final AuthSettings settings;
    private final Tokens tokens;

    IssueSessionToken(AuthSettings settings, Tokens tokens) {
        this.settings = settings;
        this.tokens = tokens;
    }

    /**
     * @throws InvalidRequestException where the body is not an object
     * @throws UnauthorizedException where the app is not configured here
     */
    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        String appKey = exchange.getVariable("appKey", String.class);
        Request request = message.getBody(Request.class);
        if (request == null) {
            throw new InvalidRequestException("The body is not a JSON object.");
        }
        AuthSettings.App app = settings.apps().get(appKey);
        if (app == null) {
            throw new UnauthorizedException("applyToken: app is not configured");
        }
        Map<String, String> answer = new LinkedHashMap<>();
        String wrong = wrong(request);
        if (wrong == null) {
            answer.put("resultCode", "0");
            answer.put("token", tokens.issueSessionToken(appKey,
                    new Customer(app.tenantId(), request.channelId(), request.userId())).getTokenValue());
        } else {
            answer.put("resultCode", "1");
            answer.put("resultDesc", wrong);
        }
        message.setBody(answer);
    }

    private static String wrong(Request request) {
        String wrong = wrong("userId", request.userId(), LONGEST_USER_ID);
        wrong = wrong != null ? wrong : wrong("userName", request.userName(), LONGEST_TEXT);
        wrong = wrong != null ? wrong : wrong("channelId", request.channelId(), LONGEST_TEXT);
        return wrong != null ? wrong : wrong("locale", request.locale(), LONGEST_TEXT);
    }

    private static String wrong(String field, String value, int longest) {
        if (value == null || value.isBlank()) {
            return field + " is mandatory";
        }
        int length = value.codePointCount(0, value.length());
        return length <= longest ? null : field + " has " + length + " characters, at most " + longest + " are allowed";
    }
}
