package org.ccmessaging.filestream.http;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Origins whose pages may call the API from a browser (contract section 8). Only exact origins are allowed: credentials
 * are headers, so with {@code *} any page in the world could use those that it gets hold of. Origin {@code null} is
 * that of every local file and every sandboxed frame.
 *
 * @param allowedOrigins origins as browsers send them (RFC 6454 section 6.2), such as {@code https://chat.example.com};
 *     empty for none
 */
@ConfigurationProperties(prefix = "filestream.cors")
public record CorsSettings(@DefaultValue Set<String> allowedOrigins) {

    /** Browsers write scheme and host in lower case, and leave out the default port of the scheme. */
    private static final Pattern ORIGIN = Pattern.compile(
            "(?!http://.*:80$|https://.*:443$)[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?");

    /** @throws InvalidSettingException if an entry is not one origin as a browser sends it */
    public CorsSettings {
        allowedOrigins = allowedOrigins.stream().filter(origin -> !origin.isBlank())
                .collect(Collectors.toUnmodifiableSet());
        for (String origin : allowedOrigins) {
            SettingChecks.refuseIf(!ORIGIN.matcher(origin).matches(), "filestream.cors.allowed-origins", origin,
                    "exact origins as browsers send them, such as https://chat.example.com: in lower case, without"
                            + " path, slash at the end or the scheme's default port; neither * nor null");
        }
    }
}
