package org.ccmessaging.filestream.settings;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the service logs in with at a server that it calls by HTTP. The HTTP client adds it to each request to that
 * server. It is in no route, no address and no exchange.
 *
 * @param host the server, as in {@code filestream.routes.hosts}
 * @param username the user of Basic authentication; {@code null} with a bearer token
 * @param password the user's password
 * @param bearerToken the token of Bearer authentication; {@code null} with a user
 */
public record ServerCredentials(String host, String username, Secret password, Secret bearerToken) {

    /** RFC 6750 section 2.1. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    /** Takes blank values as absent. */
    public ServerCredentials {
        username = SettingChecks.blankToNull(username);
        password = SettingChecks.blankToNull(password);
        bearerToken = SettingChecks.blankToNull(bearerToken);
    }

    /** @throws InvalidSettingException if the host is malformed, or there is not exactly one complete login */
    void check(String key) {
        CalledHosts.check(key + ".host", host);
        SettingChecks.refuseIf(
                (username == null) == (bearerToken == null) || (username == null) != (password == null),
                key + ".username", username, "a user beside its .password, or a .bearer-token and no user");
        SettingChecks.refuseIf(username != null && username.indexOf(':') >= 0, key + ".username", username,
                "a user without a colon");
        SettingChecks.refuseIf(bearerToken != null && !TOKEN.matcher(bearerToken.reveal()).matches(),
                key + ".bearer-token", bearerToken, "a token of letters, digits and -._~+/, which may end with =");
    }

    /** Whether these are for the server. */
    public boolean areFor(String name, int port) {
        return new CalledHosts(List.of(host)).allows(name, port);
    }

    /** The value of the header {@code Authorization}. Use it, never print it. */
    public String authorization() {
        return bearerToken != null ? "Bearer " + bearerToken.reveal() : "Basic " + Base64.getEncoder()
                .encodeToString((username + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8));
    }
}
