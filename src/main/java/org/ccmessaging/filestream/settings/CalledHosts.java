package org.ccmessaging.filestream.settings;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;

/**
 * The servers that routes may call by HTTP, such as {@code filestream.routes.hosts}. An entry is a name or an address:
 * {@code host} for any of its ports, or {@code host:port}. An IPv6 address stands in brackets.
 *
 * @param entries the list, in any case of letters
 */
public record CalledHosts(Collection<String> entries) {

    private static final Pattern ENTRY = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:\\d{1,5})?");

    /** RFC 6750 section 2.1. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    /** Compares in lower case. */
    public CalledHosts {
        entries = entries.stream().map(entry -> entry.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /** @throws InvalidSettingException if the text is neither a host nor {@code host:port} */
    static void check(String key, String entry) {
        SettingChecks.refuseIf(entry == null || !ENTRY.matcher(entry).matches(), key, entry,
                "a host or host:port such as scanner.example.com:8000, without http:// and without a path");
    }

    /**
     * Returns whether the list has the server. A name in the list does not stand for its address, nor the reverse.
     *
     * @param host a name or an address, as in a URL; IPv6 with or without brackets
     * @param port the port that the URL names or its scheme implies
     */
    public boolean allows(String host, int port) {
        String name = host.toLowerCase(Locale.ROOT);
        String entry = name.indexOf(':') < 0 || name.startsWith("[") ? name : "[" + name + "]";
        return entries.contains(entry) || entries.contains(entry + ":" + port);
    }

    /**
     * A login at one of the servers. The HTTP client adds it to each request to that server; no route, address or
     * exchange has it.
     *
     * @param host the server, as in {@code filestream.routes.hosts}
     * @param username the user of Basic authentication; {@code null} with a bearer token
     * @param password the user's password
     * @param bearerToken the token of Bearer authentication; {@code null} with a user
     */
    public record Credentials(String host, String username, Secret password, Secret bearerToken) {

        /** Takes blank values as absent. */
        public Credentials {
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

        /** Returns whether the login is for the server. */
        public boolean areFor(String name, int port) {
            return new CalledHosts(List.of(host)).allows(name, port);
        }

        /** The value of the header {@code Authorization}. Use it, never print it. */
        public String authorization() {
            return bearerToken != null ? "Bearer " + bearerToken.reveal()
                    : "Basic " + HttpHeaders.encodeBasicAuth(username, password.reveal(), StandardCharsets.UTF_8);
        }
    }
}
