package org.ccmessaging.filestream.http;

import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The pages of other origins that may call the API from a browser (contract section 8).
 *
 * @param allowedOrigins origins as browsers send them (RFC 6454 section 6.2), such as {@code https://chat.example.com};
 *     empty for none
 */
@ConfigurationProperties(prefix = "filestream.cors", ignoreUnknownFields = false)
public record CorsSettings(Set<String> allowedOrigins) {

    private static final String KEY = "filestream.cors.allowed-origins";

    /** The form that browsers send: they write scheme and host in lower case and leave out the scheme's own port. */
    private static final Pattern ORIGIN = Pattern.compile(
            "(?!http://.*:80$|https://.*:443$)[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?");

    private static final String ORIGINS = "exact origins, such as https://chat.example.com";

    /** @throws InvalidSettingException if an origin is none that a browser could send, or stands for several */
    public CorsSettings {
        Set<String> origins = new LinkedHashSet<>();
        for (String origin : allowedOrigins == null ? Set.<String>of() : allowedOrigins) {
            if (!origin.isBlank()) {
                origins.add(checked(origin));
            }
        }
        allowedOrigins = Set.copyOf(origins);
    }

    private static String checked(String origin) {
        if (origin.contains("*")) {
            throw wrong(origin, ORIGINS + ", each by itself: credentials are headers, so with * any page in the world"
                    + " could use those that it gets hold of");
        }
        if (origin.equals("null")) {
            throw wrong(origin, ORIGINS + ": null is the origin of every local file and every sandboxed frame");
        }
        if (!ORIGIN.matcher(origin).matches()) {
            String asSent = asSent(origin);
            throw wrong(origin, asSent == null
                    ? ORIGINS + ": scheme, host in ASCII and, unless it is the scheme's own, port"
                    : asSent + ", as browsers send it: without path, slash at the end or the scheme's own port, and in"
                            + " lower case");
        }
        return origin;
    }

    private static InvalidSettingException wrong(String origin, String expected) {
        return new InvalidSettingException(KEY, origin, expected);
    }

    /** The origin that is meant; {@code null} if the text names none. */
    private static String asSent(String text) {
        try {
            URI uri = URI.create(text.strip().toLowerCase(Locale.ROOT));
            boolean own = "http".equals(uri.getScheme()) && uri.getPort() == 80
                    || "https".equals(uri.getScheme()) && uri.getPort() == 443;
            String port = own || uri.getPort() < 0 ? "" : ":" + uri.getPort();
            String origin = uri.getScheme() + "://" + uri.getHost() + port;
            boolean complete = uri.getScheme() != null && uri.getHost() != null;
            return complete && ORIGIN.matcher(origin).matches() ? origin : null;
        } catch (IllegalArgumentException noUri) {
            return null;
        }
    }
}
